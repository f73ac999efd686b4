package dstack.kms.chain.operation;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.Signature;
import dstack.kms.chain.transaction.Log;
import dstack.kms.chain.transaction.Receipt;
import java.util.List;

/** Finds out which app a factory call made (specification 20 §3.1, 22 §4). */
public final class CreatedApp {
  private static final Word DEPLOYED =
      new Word(Signature.parse("AppDeployedViaFactory(address,address)").topic());
  private static final Word REGISTERED =
      new Word(Signature.parse("AppRegistered(address)").topic());

  private CreatedApp() {}

  /** The app id; refused unless the KMS itself reported one app as deployed and registered. */
  public static Address in(Receipt receipt, Address kms) {
    List<Address> deployed =
        logs(receipt, kms, DEPLOYED)
            .filter(log -> log.topics().size() == 3)
            .map(log -> Address.ofWord(log.topics().get(1)))
            .toList();
    List<Address> registered =
        logs(receipt, kms, REGISTERED)
            .filter(log -> log.data().length() == 32)
            .map(log -> Address.ofWord(new Word(log.data())))
            .toList();
    if (deployed.size() != 1 || !registered.equals(deployed)) {
      throw OperationRefusal.RECEIPT.because(
          "the transaction "
              + receipt.hash()
              + " was made, but its receipt does not say which app it created: expected one"
              + " AppDeployedViaFactory and one AppRegistered of "
              + kms);
    }
    return deployed.getFirst();
  }

  private static java.util.stream.Stream<Log> logs(Receipt receipt, Address kms, Word topic) {
    return receipt.logs().stream()
        .filter(log -> log.address().equals(kms))
        .filter(log -> !log.topics().isEmpty() && log.topics().getFirst().equals(topic));
  }
}
