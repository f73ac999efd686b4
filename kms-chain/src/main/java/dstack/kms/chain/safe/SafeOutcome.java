package dstack.kms.chain.safe;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.Signature;
import dstack.kms.chain.transaction.Log;
import dstack.kms.chain.transaction.Receipt;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads from receipts what a Safe or its factory did, in the forms of 1.3.0 and 1.4.1. */
public final class SafeOutcome {
  private static final Word SUCCESS = topic("ExecutionSuccess(bytes32,uint256)");
  private static final Word FAILURE = topic("ExecutionFailure(bytes32,uint256)");
  private static final Word CREATION = topic("ProxyCreation(address,address)");

  private SafeOutcome() {}

  private static Word topic(String signature) {
    return new Word(Signature.parse(signature).topic());
  }

  /** Refuses unless the Safe says exactly once that this transaction of its succeeded. */
  public static void requireSuccess(Receipt receipt, Address safe, Word hash) {
    long successes = count(receipt, safe, SUCCESS, hash);
    long failures = count(receipt, safe, FAILURE, hash);
    if (successes != 1 || failures != 0) {
      throw new RefusalException(
          SafeRefusal.EXECUTION,
          "the transaction "
              + receipt.hash()
              + " was made, and the Safe does not say that "
              + hash
              + " succeeded");
    }
  }

  /** The Safe that the factory made. */
  public static Address created(Receipt receipt, Address factory) {
    List<Word> made = subjects(receipt, factory, CREATION).toList();
    if (made.size() != 1) {
      throw new RefusalException(
          SafeRefusal.EXECUTION,
          "the receipt of " + receipt.hash() + " does not say which Safe was made");
    }
    return Address.ofWord(made.getFirst());
  }

  private static long count(Receipt receipt, Address safe, Word event, Word hash) {
    return subjects(receipt, safe, event).filter(hash::equals).count();
  }

  /** The first parameter: a topic in 1.4.1, the first word of the data in 1.3.0. */
  private static Stream<Word> subjects(Receipt receipt, Address contract, Word event) {
    return receipt.logs().stream()
        .filter(log -> log.address().equals(contract))
        .filter(log -> !log.topics().isEmpty() && log.topics().getFirst().equals(event))
        .flatMap(log -> subject(log).stream());
  }

  private static Optional<Word> subject(Log log) {
    if (log.topics().size() == 2) {
      return Optional.of(log.topics().get(1));
    }
    return log.topics().size() == 1 && log.data().length() >= 32
        ? Optional.of(new Word(log.data().slice(0, 32)))
        : Optional.empty();
  }
}
