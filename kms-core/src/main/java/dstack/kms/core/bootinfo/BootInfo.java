package dstack.kms.core.bootinfo;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.util.List;
import java.util.Optional;

/**
 * One workload as an authority sees it (specification 04 §7.2). Every field comes from one and the
 * same verified attestation.
 *
 * @param teeVariant the platform
 * @param mrAggregated 32 bytes, the digest over all measurement registers
 * @param osImageHash 32 bytes, or empty where the evidence makes no claim
 * @param mrSystem 32 bytes, the digest over the system's registers
 * @param appId 20 bytes
 * @param composeHash 32 bytes
 * @param instanceId 20 bytes or empty
 * @param deviceId 32 bytes, the SHA-256 of the platform's own id
 * @param keyProviderInfo the raw JSON bytes, or empty
 * @param tcbStatus the status name as the platform reports it, or empty
 * @param advisoryIds in the order of the verifier
 * @param chipId on SEV-SNP the 64 bytes that {@code deviceId} is the hash of; webhooks know these
 *     machines by it, everything else by the hash (specification 16 §7)
 */
public record BootInfo(
    TeeVariant teeVariant,
    Bytes mrAggregated,
    Bytes osImageHash,
    Bytes mrSystem,
    AppId appId,
    ComposeHash composeHash,
    InstanceId instanceId,
    Bytes deviceId,
    Bytes keyProviderInfo,
    String tcbStatus,
    List<String> advisoryIds,
    Optional<Bytes> chipId) {
  /** What this server's own policy sees where the platform has no TCB status of its own. */
  public static final String NOT_APPLICABLE = "NotApplicable";

  /**
   * @throws IllegalArgumentException if the device id is not the hash of the chip id
   */
  public BootInfo {
    advisoryIds = List.copyOf(advisoryIds);
    if (chipId.isPresent() && !Digests.sha256(chipId.get()).equals(deviceId)) {
      throw new IllegalArgumentException("chip id and device id are of two devices");
    }
  }

  /** A boot info of a platform whose device is known by the hash alone. */
  public BootInfo(
      TeeVariant teeVariant,
      Bytes mrAggregated,
      Bytes osImageHash,
      Bytes mrSystem,
      AppId appId,
      ComposeHash composeHash,
      InstanceId instanceId,
      Bytes deviceId,
      Bytes keyProviderInfo,
      String tcbStatus,
      List<String> advisoryIds) {
    this(
        teeVariant,
        mrAggregated,
        osImageHash,
        mrSystem,
        appId,
        composeHash,
        instanceId,
        deviceId,
        keyProviderInfo,
        tcbStatus,
        advisoryIds,
        Optional.empty());
  }

  /** The same with the chip id that the device id is the hash of. */
  public BootInfo withChipId(Bytes id) {
    return new BootInfo(
        teeVariant,
        mrAggregated,
        osImageHash,
        mrSystem,
        appId,
        composeHash,
        instanceId,
        deviceId,
        keyProviderInfo,
        tcbStatus,
        advisoryIds,
        Optional.of(id));
  }

  /**
   * The same with this OS image hash, for evidence of the old form, which has no place for one
   * (specification 04, #1313).
   */
  public BootInfo withOsImageHash(Bytes hash) {
    return new BootInfo(
        teeVariant,
        mrAggregated,
        hash,
        mrSystem,
        appId,
        composeHash,
        instanceId,
        deviceId,
        keyProviderInfo,
        tcbStatus,
        advisoryIds,
        chipId);
  }

  /** The device's id as webhooks are told: the chip id where there is one. */
  public Bytes announcedDeviceId() {
    return chipId.orElse(deviceId);
  }

  /**
   * The TCB status for this server's own policy and records. NitroTPM has none: what authorities
   * and the chain are told about it is a fixed word, which must not pass for an assessment here.
   */
  public String localTcbStatus() {
    return teeVariant == TeeVariant.AWS_NITRO_TPM ? NOT_APPLICABLE : tcbStatus;
  }
}
