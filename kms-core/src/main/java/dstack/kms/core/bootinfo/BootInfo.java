package dstack.kms.core.bootinfo;

import dstack.kms.core.bytes.Bytes;
import java.util.List;

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
 * @param deviceId 32 bytes; on SEV-SNP the raw chip id of 64 bytes
 * @param keyProviderInfo the raw JSON bytes, or empty
 * @param tcbStatus the status name as the platform reports it, or empty
 * @param advisoryIds in the order of the verifier
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
    List<String> advisoryIds) {
  /** What this server's own policy sees where the platform has no TCB status of its own. */
  public static final String NOT_APPLICABLE = "NotApplicable";

  public BootInfo {
    advisoryIds = List.copyOf(advisoryIds);
  }

  /**
   * The TCB status for this server's own policy and records. NitroTPM has none: what authorities
   * and the chain are told about it is a fixed word, which must not pass for an assessment here.
   */
  public String localTcbStatus() {
    return teeVariant == TeeVariant.AWS_NITRO_TPM ? NOT_APPLICABLE : tcbStatus;
  }
}
