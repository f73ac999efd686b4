package dstack.kms.chain.proof.policy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.policy.AppBootInfo;
import dstack.kms.chain.proof.state.ProvenAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rules of DstackKms (specification 20 §2.3). The reasons are the contract's own words.
 *
 * <p>A reason is what the first check that fails gives; none means that all hold.
 */
public final class KmsPolicy {
  private static final int GATEWAY_APP_ID = 4;
  private static final int REGISTERED_APPS = 5;
  private static final int AGGREGATED_MRS = 6;
  private static final int DEVICES = 7;
  private static final int OS_IMAGES = 8;

  private static final String UP_TO_DATE = "UpToDate";

  private final ProvenAccount contract;
  private final AppBootInfo workload;

  KmsPolicy(ProvenAccount contract, AppBootInfo workload) {
    this.contract = contract;
    this.workload = workload;
  }

  /** The storage that every question about this workload needs. */
  public static List<Word> keys(AppBootInfo workload) {
    List<Word> keys = new ArrayList<>(List.of(Slots.IMPLEMENTATION));
    keys.addAll(StoredValues.textKeys(GATEWAY_APP_ID));
    keys.add(registered(workload));
    keys.add(Slots.entry(workload.mrAggregated(), AGGREGATED_MRS));
    keys.add(Slots.entry(workload.deviceId(), DEVICES));
    keys.add(osImage(workload));
    return List.copyOf(keys);
  }

  /** Why the workload may not act as a KMS. */
  Optional<String> denialAsKms() {
    if (!workload.tcbStatus().equals(UP_TO_DATE)) {
      return Optional.of("TCB status is not up to date");
    }
    if (!isListed(osImage(workload))) {
      return Optional.of("OS image is not allowed");
    }
    if (!isListed(Slots.entry(workload.mrAggregated(), AGGREGATED_MRS))) {
      return Optional.of("Aggregated MR not allowed");
    }
    if (!isListed(Slots.entry(workload.deviceId(), DEVICES))) {
      return Optional.of("KMS is not allowed to boot on this device");
    }
    return Optional.empty();
  }

  /** Why the application may not have keys, before its own contract is asked. */
  Optional<String> denialBeforeApp(boolean appHasCode) {
    if (!isListed(registered(workload))) {
      return Optional.of("App not registered");
    }
    if (!isListed(osImage(workload))) {
      return Optional.of("OS image is not allowed");
    }
    if (!appHasCode) {
      return Optional.of("App not deployed or invalid address");
    }
    return Optional.empty();
  }

  /** The gateway's application as the contract names it. */
  String gatewayAppId() {
    return StoredValues.text(contract, GATEWAY_APP_ID);
  }

  private boolean isListed(Word entry) {
    return StoredValues.flag(contract, entry);
  }

  private static Word registered(AppBootInfo workload) {
    return Slots.entry(workload.appId().word(), REGISTERED_APPS);
  }

  private static Word osImage(AppBootInfo workload) {
    return Slots.entry(workload.osImageHash(), OS_IMAGES);
  }

  /** The implementation that the proxy at that account delegates to. */
  static Address implementationOf(ProvenAccount proxy) {
    return Address.ofWord(proxy.storage(Slots.IMPLEMENTATION));
  }
}
