package dstack.kms.attest.appinfo;

import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.quote.TdReport;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;

/** The formulas of specification 12 §7 for Intel TDX. */
final class TdxMeasurements {
  private TdxMeasurements() {}

  /** SHA-256 of the domain's measurement, registers 0 to 2 and the key provider's digest. */
  static Bytes mrSystem(TdReport report, Bytes keyProviderInfo) {
    return Digests.sha256(bootRegisters(report), keyProviderDigest(keyProviderInfo));
  }

  /**
   * SHA-256 of the domain's measurement, registers 0 to 2 and the replayed runtime register,
   * followed by all three of configuration, owner and owner configuration if any of them is set.
   */
  static Bytes mrAggregated(TdReport report, RuntimeEvents eventsUpToThePoint) {
    Bytes owner = Bytes.concat(report.mrConfigId(), report.mrOwner(), report.mrOwnerConfig());
    return Digests.sha256(
        bootRegisters(report),
        eventsUpToThePoint.replaySha384(),
        owner.isAllZero() ? Bytes.EMPTY : owner);
  }

  private static Bytes bootRegisters(TdReport report) {
    return Bytes.concat(
        report.mrTd(), report.rtMrs().get(0), report.rtMrs().get(1), report.rtMrs().get(2));
  }

  private static Bytes keyProviderDigest(Bytes keyProviderInfo) {
    return keyProviderInfo.isEmpty() ? Bytes.zeros(32) : Digests.sha256(keyProviderInfo);
  }
}
