package dstack.kms.sim.testing;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.sim.platform.SimulatedPlatform;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;

/** A simulated platform whose clock stands still. */
public final class TestPlatform {
  /** The time of every test. */
  public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  /** Report data without zeros at its end. */
  public static final ReportData REPORT_DATA =
      new ReportData(Digests.sha512(Bytes.utf8("some report data")));

  private TestPlatform() {}

  /** The platform in that folder, made if it is not there. */
  public static SimulatedPlatform in(Path folder) {
    return in(folder, InstantSource.fixed(NOW));
  }

  /** The same with another clock. */
  public static SimulatedPlatform in(Path folder, InstantSource clock) {
    return SimulatedPlatform.open(folder.resolve("platform"), clock, new SecureRandom());
  }
}
