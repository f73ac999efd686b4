package dstack.kms.sim.platform;

import dstack.kms.attest.source.QuoteSource;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;

/**
 * One guest that has booted on a simulated platform; its measurements no longer change. May be used
 * by several threads.
 */
public sealed interface SimulatedGuest extends QuoteSource
    permits TdxGuest, GcpTdxGuest, NitroGuest, NitroTpmGuest, SnpGuest {
  /** Who this guest was to be. */
  SimulatedIdentity identity();

  /** What it became. */
  GuestFacts facts();

  /** The platform's log in its JSON form, not stripped. */
  default String eventLogJson() {
    return facts().eventLog();
  }

  /** The raw TDX quote alone, where the platform makes one; else nothing. */
  default Bytes quote(ReportData reportData) {
    return Bytes.EMPTY;
  }
}
