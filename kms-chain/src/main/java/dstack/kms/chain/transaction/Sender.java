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

  /** A sender for the signer's account, which is closed by whoever made it. */
  public Sender(
      Endpoint endpoint,
      TransactionSigner signer,
      Patience patience,
      Pause pause,
      Announcements announcements) {
    this.endpoint = endpoint;
    this.signer = signer;
    this.patience = patience;
    this.pause = pause;
    this.announcements = announcements;
    drafts = new Drafts(endpoint, signer.account());
    receipts = new Receipts(endpoint, patience, pause);
    PublicKeys.requirePrivate(signer.account(), endpoint.chainId());
  }

  /** Whose transactions are sent. */
  public Address account() {
    return signer.account();
  }

  /** Makes the transaction; refused unless it took effect and is confirmed. */
  public Receipt send(Request request) {
    SignedTransaction sent = broadcast(request);
    return receipts.confirmed(List.of(sent.hash()), request, signer.account());
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
    UnsignedTransaction again = drafts.draft(request, known.nonce());
    UnsignedTransaction dearer = again.withFees(MoreFees.than(known.fees(), again.fees()));
    drafts.requireBalance(dearer);
    SignedTransaction signed = signer.sign(dearer);
    announcements.sending(signed);
    return switch (broadcast(signed)) {
      case Broadcast.Taken _ -> signed;
      // The first one was mined meanwhile: its receipt decides.
      case Broadcast.PlaceTaken _ -> signed;
      case Broadcast.Underpaid(String words) -> throw notSent(words);
      case Broadcast.Refused(String words) -> throw notSent(words);
    };
  }

  private SignedTransaction broadcast(Request request) {
    NonceLanes.Lane lane = lanes.of(endpoint.chainId(), signer.account());
    lane.lock().lock();
    try {
      return inTurn(request, lane);
    } finally {
      lane.lock().unlock();
    }
  }

  private SignedTransaction inTurn(Request request, NonceLanes.Lane lane) {
    String last = "";
    for (int i = 1; i <= patience.tries(); i++) {
      long nonce = lane.from(endpoint.pendingNonce(signer.account()));
      SignedTransaction signed = signer.sign(drafts.draft(request, nonce));
      announcements.sending(signed);
      switch (broadcast(signed)) {
        case Broadcast.Taken _ -> {
          lane.used(nonce);
          return signed;
        }
        case Broadcast.PlaceTaken(String words) -> {
          if (receipts.find(signed.hash()).isPresent()) {
            return signed;
          }
          // The sequence has gone on: the endpoint that counts lags behind the one that takes.
          lane.used(nonce);
          last = words;
        }
        case Broadcast.Underpaid(String words) -> last = words;
        case Broadcast.Refused(String words) -> throw notSent(words);
      }
      pause.lasting(patience.beforeTry(i));
    }
    throw notSent(last);
  }

  private static RefusalException notSent(String words) {
    return TransactionRefusal.NOT_SENT.because(
        "the endpoint did not take the transaction: " + words);
  }

  /** Sends the same bytes until the endpoint answers: sending them twice is like sending once. */
  private Broadcast broadcast(SignedTransaction signed) {
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
    throw Receipts.open(signed.hash(), last.map(RefusalException::text).orElse("no answer"));
  }
}
