package dstack.kms.chain.proof.policy;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.policy.AppBootInfo;
import dstack.kms.chain.proof.state.ProvenAccount;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;

/**
 * The rules of DstackApp (specification 20 §3).
 *
 * <p>Contracts of the first generation have no rule about the firmware; in the word of its switch
 * they have nothing.
 */
public final class AppPolicy {
  private static final int COMPOSE_HASHES = 0;
  private static final int FLAGS = 1;
  private static final int DEVICES = 2;
  private static final int REQUIRE_UP_TO_DATE = 3;
  private static final int UPGRADES_DISABLED = 0;
  private static final int ALLOW_ANY_DEVICE = 1;

  private static final String UP_TO_DATE = "UpToDate";

  private final ProvenAccount contract;
  private final AppBootInfo workload;

  AppPolicy(ProvenAccount contract, AppBootInfo workload) {
    this.contract = contract;
    this.workload = workload;
  }

  /** The storage that the question needs. */
  public static List<Word> keys(AppBootInfo workload) {
    return List.of(
        Slots.IMPLEMENTATION,
        Slots.entry(workload.composeHash(), COMPOSE_HASHES),
        Slots.at(FLAGS),
        Slots.entry(workload.deviceId(), DEVICES),
        Slots.at(REQUIRE_UP_TO_DATE));
  }

  /** Why the application may not have keys. */
  Optional<String> denial() {
    if (StoredValues.flag(contract, Slots.at(REQUIRE_UP_TO_DATE))
        && !workload.tcbStatus().equals(UP_TO_DATE)) {
      return Optional.of("TCB status is not up to date");
    }
    if (!StoredValues.flag(contract, Slots.entry(workload.composeHash(), COMPOSE_HASHES))) {
      return Optional.of("Compose hash not allowed");
    }
    if (!allowsAnyDevice()
        && !StoredValues.flag(contract, Slots.entry(workload.deviceId(), DEVICES))) {
      return Optional.of("Device not allowed");
    }
    return Optional.empty();
  }

  /** Two switches share a word; the rest of it is never written. */
  private boolean allowsAnyDevice() {
    Word word = contract.storage(Slots.at(FLAGS));
    if (!word.value().slice(0, 30).isAllZero()) {
      throw new RefusalException(
          PolicyStorageRefusal.STORAGE_VALUE,
          "the switches of " + contract.address() + " have more bytes in use than two: " + word);
    }
    StoredValues.flag(contract, Slots.at(FLAGS), UPGRADES_DISABLED);
    return StoredValues.flag(contract, Slots.at(FLAGS), ALLOW_ANY_DEVICE);
  }
}
