package dstack.kms.chain.policy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/**
 * One workload as the contract sees it: the nine fields of its tuple, in its order. It says nothing
 * about the platform, which only local policy can tell apart.
 *
 * @param appId the app's contract
 * @param composeHash what the app consists of
 * @param instanceId zero where there is none
 * @param deviceId the SHA-256 of the platform's id, on SEV-SNP too
 * @param mrAggregated the digest over all measurement registers
 * @param mrSystem the digest over the system's registers
 * @param osImageHash the OS image
 * @param tcbStatus the platform's word, possibly empty
 * @param advisoryIds in the verifier's order
 */
public record AppBootInfo(
    Address appId,
    Word composeHash,
    Address instanceId,
    Word deviceId,
    Word mrAggregated,
    Word mrSystem,
    Word osImageHash,
    String tcbStatus,
    List<String> advisoryIds) {
  private static final int MAX_STATUS = 128;
  private static final int MAX_ADVISORIES = 128;
  private static final int MAX_ADVISORY = 256;

  /** Refuses more text than the original's authority takes. */
  public AppBootInfo {
    advisoryIds = List.copyOf(advisoryIds);
    boolean fits =
        tcbStatus.length() <= MAX_STATUS
            && advisoryIds.size() <= MAX_ADVISORIES
            && advisoryIds.stream().allMatch(id -> id.length() <= MAX_ADVISORY);
    if (!fits) {
      throw new RefusalException(
          PolicyRefusal.WIDTH,
          "the TCB status or the advisories are longer than an authority takes");
    }
  }

  /**
   * The workload of a boot info.
   *
   * @throws RefusalException with {@link PolicyRefusal#WIDTH} if a field has another width than the
   *     contract's: nothing is ever padded, as a shorter hash would pass for a listed one that
   *     begins with zeros (T-13)
   */
  public static AppBootInfo of(BootInfo info) {
    return new AppBootInfo(
        new Address(info.appId().value()),
        word("compose_hash", info.composeHash().value()),
        info.instanceId().value().isEmpty() ? Address.ZERO : new Address(info.instanceId().value()),
        word("device_id", info.deviceId()),
        word("mr_aggregated", info.mrAggregated()),
        word("mr_system", info.mrSystem()),
        info.osImageHash().isEmpty() ? Word.ZERO : word("os_image_hash", info.osImageHash()),
        info.tcbStatus(),
        info.advisoryIds());
  }

  private static Word word(String field, Bytes value) {
    if (value.length() != 32) {
      throw new RefusalException(
          PolicyRefusal.WIDTH, field + " must be 32 bytes, not " + value.length());
    }
    return new Word(value);
  }

  /** ABI-encoded as a function's only argument. */
  Bytes encoded() {
    Tail tail = new Tail(9 * 32);
    Bytes head =
        Bytes.concat(
            appId.word().value(),
            composeHash.value(),
            instanceId.word().value(),
            deviceId.value(),
            mrAggregated.value(),
            mrSystem.value(),
            osImageHash.value(),
            tail.add(Tail.text(tcbStatus)),
            tail.add(Tail.texts(advisoryIds)));
    return Bytes.concat(Tail.number(32), head, tail.content());
  }
}
