package dstack.kms.chain.transaction;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.rpc.RpcAnswer;
import dstack.kms.chain.rpc.RpcError;
import dstack.kms.chain.signing.PublicKeys;
import dstack.kms.chain.signing.SignedTransaction;
import dstack.kms.chain.signing.TransactionSigner;
import dstack.kms.chain.signing.UnsignedTransaction;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sends transactions of one account and waits until they are confirmed.
 *
 * <p>May be used by several threads: places in the account's sequence are given one after the
 * other. After any failure past {@link Announcements#sending} the transaction may still take
 * effect; the refusal says how to find out.
 */
public final class Sender {
  private final Endpoint endpoint;
  private final TransactionSigner signer;
  private final Patience patience;
  private final Pause pause;
  private final Announcements announcements;
  private final NonceLanes lanes = new NonceLanes();
  private final Drafts drafts;
  private final Receipts receipts;
  private final Budget budget;
  private final long chainId;

  /** A sender for the signer's account that spends {@link Budget#USUAL} at most. */
  public Sender(
      Endpoint endpoint,
      TransactionSigner signer,
      Patience patience,
      Pause pause,
      Announcements announcements) {
    this(endpoint, signer, patience, pause, announcements, new Budget(Budget.USUAL));
  }

  /** A sender for the signer's account, which is closed by whoever made it. */
  public Sender(
      Endpoint endpoint,
      TransactionSigner signer,
      Patience patience,
      Pause pause,
      Announcements announcements,
      Budget budget) {
    this.endpoint = endpoint;
    this.signer = signer;
    this.patience = patience;
    this.pause = pause;
    this.announcements = announcements;
    drafts = new Drafts(endpoint, signer.account());
    receipts = new Receipts(endpoint, patience, pause);
    this.budget = budget;
    chainId = endpoint.chainId();
    PublicKeys.requirePrivate(signer.account(), chainId);
  }

  /** Whose transactions are sent. */
  public Address account() {
    return signer.account();
  }

  /**
   * Sets the most that these transactions may cost together: what they would cost now and a half,
   * as fees rise while somebody reads. Refused if that is more than the budget; where one of them
   * cannot be estimated before another took effect, it is the whole budget.
   *
   * @return the most in wei, for the person who is asked
   */
  public BigInteger limitTo(List<Request> requests) {
    BigInteger sum = BigInteger.ZERO;
    BigInteger price = drafts.fees().most();
    for (Request request : requests) {
      try {
        BigInteger gas = BigInteger.valueOf(drafts.gas(request));
        sum = sum.add(price.multiply(gas)).add(request.value());
      } catch (RefusalException e) {
        if (!e.code().equals(TransactionRefusal.REVERTED) || requests.size() == 1) {
          throw e;
        }
        return budget.limit();
      }
    }
    return budget.limitTo(sum.add(sum.shiftRight(1)));
  }

  /** All that its transactions may cost together, in wei. */
  public BigInteger limit() {
    return budget.limit();
  }

  /** Makes the transaction; refused unless it took effect and is confirmed. */
  public Receipt send(Request request) {
    return receipts.confirmed(broadcast(request), request, signer.account());
  }

  /**
   * Waits for a transaction that was sent before; refused if it does something else.
   *
   * @param speedUp whether it is sent once more for higher fees, in its own place
   */
  public Receipt resume(Word hash, Request request, boolean speedUp) {
    KnownTransaction known = receipts.known(hash);
    if (!known.request().equals(request) || !known.from().equals(signer.account())) {
      throw TransactionRefusal.RESUME.because(
          "the transaction " + hash + " is of another account or does something else");
    }
    List<Word> hashes = new ArrayList<>(List.of(hash));
    if (speedUp && receipts.find(hash).isEmpty()) {
      hashes.add(replace(known, request).hash());
    }
    return receipts.confirmed(hashes, request, signer.account());
  }

  private SignedTransaction replace(KnownTransaction known, Request request) {
    UnsignedTransaction again = drafts.draft(request, chain(), known.nonce());
    UnsignedTransaction dearer = again.withFees(MoreFees.than(known.fees(), again.fees()));
    drafts.requireBalance(dearer);
    SignedTransaction signed = sign(dearer);
    announcements.sending(signed);
    return switch (broadcast(signed, List.of(known.hash(), signed.hash()))) {
      case Broadcast.Taken _ -> signed;
      // The first one was mined meanwhile: its receipt decides.
      case Broadcast.PlaceTaken _ -> signed;
      case Broadcast.Underpaid(String words) -> throw notSent(List.of(signed.hash()), words);
      case Broadcast.Refused(String words) -> throw notSent(List.of(signed.hash()), words);
    };
  }

  /** The chain that was first named; an endpoint that names another one now is refused. */
  private long chain() {
    endpoint.requireChainId(chainId);
    return chainId;
  }

  /** The only place where anything is signed: what it may cost is taken from the budget. */
  private SignedTransaction sign(UnsignedTransaction transaction) {
    budget.take(transaction);
    return signer.sign(transaction);
  }

  private List<Word> broadcast(Request request) {
    NonceLanes.Lane lane = lanes.of(chainId, signer.account());
    lane.lock().lock();
    try {
      return inTurn(request, lane);
    } finally {
      lane.lock().unlock();
    }
  }

  /**
   * All that was signed for the request, the last of which was taken. Another place of the sequence
   * is signed for only when a block has one at the first: otherwise both could take effect.
   */
  private List<Word> inTurn(Request request, NonceLanes.Lane lane) {
    String last = "";
    List<Word> live = new ArrayList<>();
    long nonce = lane.from(endpoint.pendingNonce(signer.account()));
    for (int i = 1; i <= patience.tries(); i++) {
      SignedTransaction signed = sign(drafts.draft(request, chain(), nonce));
      announcements.sending(signed);
      live.add(signed.hash());
      switch (broadcast(signed, live)) {
        case Broadcast.Taken _ -> {
          lane.used(nonce);
          return live;
        }
        case Broadcast.PlaceTaken(String words) -> last = words;
        case Broadcast.Underpaid(String words) -> last = words;
        case Broadcast.Refused(String words) -> throw notSent(live, words);
      }
      pause.lasting(patience.beforeTry(i));
      long mined = endpoint.minedNonce(signer.account());
      if (receipts.isMined(live)) {
        lane.used(nonce);
        return live;
      }
      if (mined > nonce) {
        lane.used(nonce);
        nonce = lane.from(endpoint.pendingNonce(signer.account()));
      }
    }
    throw notSent(live, last);
  }

  /** An endpoint may keep what it says it refused, so that nothing signed is left unnamed. */
  private static RefusalException notSent(List<Word> live, String words) {
    return TransactionRefusal.NOT_SENT.because(
        "the endpoint did not take the transaction: "
            + words
            + "; signed, and valid until others take their places: "
            + Receipts.named(live));
  }

  /** Sends the same bytes until the endpoint answers: sending them twice is like sending once. */
  private Broadcast broadcast(SignedTransaction signed, List<Word> live) {
    Optional<RefusalException> last = Optional.empty();
    for (int i = 1; i <= patience.tries(); i++) {
      try {
        return switch (endpoint.answer(EthTransaction.send(signed.raw()))) {
          case RpcAnswer.Result<Word> _ -> new Broadcast.Taken();
          case RpcAnswer.Failure<Word>(RpcError error) -> Broadcast.of(error);
        };
      } catch (RefusalException e) {
        if (e.code().kind() != RefusalKind.UNAVAILABLE) {
          throw e;
        }
        last = Optional.of(e);
        pause.lasting(patience.beforeTry(i));
      }
    }
    throw Receipts.open(live, last.map(RefusalException::text).orElse("no answer"));
  }
}
