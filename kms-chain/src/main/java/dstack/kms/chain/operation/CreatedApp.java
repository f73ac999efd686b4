package dstack.kms.chain.operation;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.KmsFunctions;
import dstack.kms.chain.calldata.Signature;
import dstack.kms.chain.transaction.Log;
import dstack.kms.chain.transaction.Receipt;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Finds out which app a factory call made (specification 20 §3.1, 22 §4). */
public final class CreatedApp {
  private static final Word DEPLOYED =
      new Word(Signature.parse("AppDeployedViaFactory(address,address)").topic());
  private static final Word REGISTERED =
      new Word(Signature.parse("AppRegistered(address)").topic());

  private CreatedApp() {}

  /** The app id; refused unless the KMS itself reported one app as deployed and registered. */
  public static Address in(Receipt receipt, Address kms) {
    List<Address> deployed = deployed(receipt, kms);
    if (deployed.size() != 1 || !registered(receipt, kms).equals(deployed)) {
      throw unclear(receipt, kms);
    }
    return deployed.getFirst();
  }

  /**
   * The app ids of the factory calls among those that a transaction made, in order; none if there
   * is no such call. Refused unless each KMS reported as many apps as it was asked for.
   */
  public static List<Address> of(Receipt receipt, List<Call> calls) {
    Map<Address, Long> wanted = new LinkedHashMap<>();
    calls.stream()
        .filter(CreatedApp::isFactoryCall)
        .forEach(call -> wanted.merge(call.target(), 1L, Long::sum));
    List<Address> apps = new ArrayList<>();
    wanted.forEach(
        (kms, count) -> {
          List<Address> deployed = deployed(receipt, kms);
          if (deployed.size() != count || !registered(receipt, kms).containsAll(deployed)) {
            throw unclear(receipt, kms);
          }
          apps.addAll(deployed);
        });
    return List.copyOf(apps);
  }

  private static boolean isFactoryCall(Call call) {
    return call.data().length() >= 4
        && Stream.of(KmsFunctions.DEPLOY_APP_5, KmsFunctions.DEPLOY_APP_6)
            .anyMatch(each -> each.signature().selector().equals(call.data().slice(0, 4)));
  }

  private static List<Address> deployed(Receipt receipt, Address kms) {
    return logs(receipt, kms, DEPLOYED)
        .filter(log -> log.topics().size() == 3)
        .map(log -> Address.ofWord(log.topics().get(1)))
        .toList();
  }

  private static List<Address> registered(Receipt receipt, Address kms) {
    return logs(receipt, kms, REGISTERED)
        .filter(log -> log.data().length() == 32)
        .map(log -> Address.ofWord(new Word(log.data())))
        .toList();
  }

  private static RefusalException unclear(Receipt receipt, Address kms) {
    return OperationRefusal.RECEIPT.because(
        "the transaction "
            + receipt.hash()
            + " was made, but its receipt does not say which app it created: expected one"
            + " AppDeployedViaFactory and one AppRegistered of "
            + kms
            + " for each");
  }

  private static Stream<Log> logs(Receipt receipt, Address kms, Word topic) {
    return receipt.logs().stream()
        .filter(log -> log.address().equals(kms))
        .filter(log -> !log.topics().isEmpty() && log.topics().getFirst().equals(topic));
  }
}
