package dstack.kms.chain.transaction;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.endpoint.CallOutcome;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.rpc.BlockAt;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Waits for transactions. */
final class Receipts {
  private final Endpoint endpoint;
  private final Patience patience;
  private final Pause pause;

  Receipts(Endpoint endpoint, Patience patience, Pause pause) {
    this.endpoint = endpoint;
    this.patience = patience;
    this.pause = pause;
  }

  /** The receipt, if a block has the transaction. */
  Optional<Receipt> find(Word hash) {
    return endpoint.ask(EthTransaction.receipt(hash));
  }

  /** The transaction, as soon as the endpoint knows it. */
  KnownTransaction known(Word hash) {
    for (int i = 1; i <= patience.tries(); i++) {
      Optional<KnownTransaction> known = endpoint.ask(EthTransaction.transaction(hash));
      if (known.isPresent()) {
        return known.get();
      }
      pause.lasting(patience.beforeTry(i));
    }
    throw TransactionRefusal.RESUME.because(
        "the endpoint does not know the transaction "
            + hash
            + ": it was dropped or never arrived; without --resume it is made anew");
  }

  /** The receipt of whichever of these is mined, once it is deep enough; refused if it failed. */
  Receipt confirmed(List<Word> hashes, Request request, Address sender) {
    String last = "it is not mined";
    for (int i = 0; i < patience.looks(); i++) {
      try {
        Optional<Receipt> receipt = anyOf(hashes);
        if (receipt.isPresent()) {
          last = "it is not deep enough in the chain";
          if (endpoint.head() - receipt.get().block() + 1 >= patience.confirmations()) {
            return succeeded(receipt.get(), request, sender);
          }
        }
      } catch (RefusalException e) {
        if (e.code().kind() != RefusalKind.UNAVAILABLE) {
          throw e;
        }
        last = e.text();
      }
      pause.lasting(patience.between());
    }
    throw open(hashes, last);
  }

  /** Whether a block has one of these. */
  boolean isMined(List<Word> hashes) {
    return anyOf(hashes).isPresent();
  }

  private Optional<Receipt> anyOf(List<Word> hashes) {
    return hashes.stream().flatMap(hash -> find(hash).stream()).findFirst();
  }

  private Receipt succeeded(Receipt receipt, Request request, Address sender) {
    if (!receipt.succeeded()) {
      throw TransactionRefusal.REVERTED.because(
          "the transaction " + receipt.hash() + " failed: " + why(receipt, request, sender));
    }
    return receipt;
  }

  /** A receipt does not say why, so the call is made again as it would have been. */
  private String why(Receipt receipt, Request request, Address sender) {
    if (request.to().isEmpty()) {
      return "the deployment reverted or ran out of gas";
    }
    Call call = new Call(request.to().get(), request.value(), request.data());
    BlockAt block = new BlockAt.ByNumber(receipt.block());
    return switch (endpoint.call(Optional.of(sender), call, block)) {
      case CallOutcome.Reverted(var revert) -> revert.words();
      case CallOutcome.Returned _ -> "it ran out of gas, or the state changed before it was mined";
    };
  }

  static String named(List<Word> hashes) {
    return hashes.stream().map(Word::text).distinct().collect(Collectors.joining(", "));
  }

  /** The last of these is what a further run waits for; each of them may take effect. */
  static RefusalException open(List<Word> hashes, String why) {
    Word hash = hashes.getLast();
    String others = hashes.size() == 1 ? "" : "; any of these may be the one: " + named(hashes);
    return TransactionRefusal.PENDING.because(
        "the transaction "
            + hash
            + " was sent, and whether it takes effect is open ("
            + why
            + "): the same command with --resume "
            + hash
            + " goes on waiting"
            + others);
  }
}
