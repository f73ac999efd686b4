package dstack.kms.chain.proof.policy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
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

  private final ProvenAccount contract;
  private final Subject subject;

  KmsPolicy(ProvenAccount contract, Subject subject) {
    this.contract = contract;
    this.subject = subject;
  }

  /** The storage that every question about this subject needs. */
  public static List<Word> keys(Subject subject) {
    List<Word> keys = new ArrayList<>(List.of(Slots.IMPLEMENTATION));
    keys.addAll(StoredValues.textKeys(GATEWAY_APP_ID));
    keys.add(registered(subject));
    keys.add(Slots.entry(subject.mrAggregated(), AGGREGATED_MRS));
    keys.add(Slots.entry(subject.device(), DEVICES));
    keys.add(osImage(subject));
    return List.copyOf(keys);
  }

  /** Why the subject may not act as a KMS. */
  Optional<String> denialAsKms() {
    if (!subject.isUpToDate()) {
      return Optional.of("TCB status is not up to date");
    }
    if (!isListed(osImage(subject))) {
      return Optional.of("OS image is not allowed");
    }
    if (!isListed(Slots.entry(subject.mrAggregated(), AGGREGATED_MRS))) {
      return Optional.of("Aggregated MR not allowed");
    }
    if (!isListed(Slots.entry(subject.device(), DEVICES))) {
      return Optional.of("KMS is not allowed to boot on this device");
    }
    return Optional.empty();
  }

  /** Why the application may not have keys, before its own contract is asked. */
  Optional<String> denialBeforeApp(boolean appHasCode) {
    if (!isListed(registered(subject))) {
      return Optional.of("App not registered");
    }
    if (!isListed(osImage(subject))) {
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

  private static Word registered(Subject subject) {
    return Slots.entry(subject.app().word(), REGISTERED_APPS);
  }

  private static Word osImage(Subject subject) {
    return Slots.entry(subject.osImage(), OS_IMAGES);
  }

  /** The implementation that the proxy at that account delegates to. */
  static Address implementationOf(ProvenAccount proxy) {
    return Address.ofWord(proxy.storage(Slots.IMPLEMENTATION));
  }
}
