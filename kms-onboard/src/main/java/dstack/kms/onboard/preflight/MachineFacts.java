package dstack.kms.onboard.preflight;

import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;

/**
 * What an authority has to know about this machine, from its own verified evidence.
 *
 * @param osImageHash of the running image, or empty
 * @param mrAggregated the digest over all registers
 * @param deviceId the hash of the platform's id, which is what is registered on every platform
 */
public record MachineFacts(Bytes osImageHash, Bytes mrAggregated, Bytes deviceId) {
  /** The facts that stand in this boot info. */
  public static MachineFacts of(BootInfo info) {
    return new MachineFacts(info.osImageHash(), info.mrAggregated(), info.deviceId());
  }
}
