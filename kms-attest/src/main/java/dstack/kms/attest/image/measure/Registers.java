package dstack.kms.attest.image.measure;

import dstack.kms.attest.quote.TdReport;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/**
 * The registers that a guest must have, 48 bytes each.
 *
 * @param mrtd the initial memory
 * @param rtmr0 firmware, its configuration and ACPI data
 * @param rtmr1 kernel
 * @param rtmr2 command line and initial file system
 */
public record Registers(Bytes mrtd, Bytes rtmr0, Bytes rtmr1, Bytes rtmr2) {
  /** Refuses a guest with any other register; {@code MRs do not match: …}. */
  public void require(TdReport report) {
    require("MRTD", mrtd, report.mrTd());
    require("RTMR0", rtmr0, report.rtMrs().get(0));
    require("RTMR1", rtmr1, report.rtMrs().get(1));
    require("RTMR2", rtmr2, report.rtMrs().get(2));
  }

  static void require(String name, Bytes expected, Bytes actual) {
    if (!expected.equals(actual)) {
      RefusalException refusal =
          MeasureRefusal.MISMATCH.because(
              name + " mismatch: expected=" + expected + ", actual=" + actual);
      throw refusal.within("MRs do not match");
    }
  }
}
