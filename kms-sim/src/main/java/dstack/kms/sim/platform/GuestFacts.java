package dstack.kms.sim.platform;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.sim.quote.TdReport;
import java.util.Optional;

/**
 * What is known about a booted guest.
 *
 * @param osImageHash the name of its image; where the platform measures images it follows from them
 * @param composeHash the name of its application's code
 * @param instanceId 20 bytes or none
 * @param deviceId 32 bytes, as it comes out of verified evidence
 * @param shownDeviceId what the guest itself says, which on most platforms is that of no device
 * @param mrAggregated 32 bytes (specification 12 §7)
 * @param report what a TDX quote says without report data, where there is one
 * @param eventLog of the platform in JSON, not stripped
 */
public record GuestFacts(
    Bytes osImageHash,
    Bytes composeHash,
    Bytes instanceId,
    Bytes deviceId,
    Bytes shownDeviceId,
    Bytes mrAggregated,
    Optional<TdReport> report,
    String eventLog) {
  static final Bytes NO_DEVICE = Digests.sha256();
  static final String NO_LOG = "[]";

  /** Of a platform without TDX quotes, whose guests do not know their device. */
  static GuestFacts of(
      SimulatedIdentity identity,
      Bytes osImageHash,
      Bytes composeHash,
      Bytes deviceId,
      Bytes mrAggregated) {
    return new GuestFacts(
        osImageHash,
        composeHash,
        identity.instanceId(),
        deviceId,
        NO_DEVICE,
        mrAggregated,
        Optional.empty(),
        NO_LOG);
  }
}
