package dstack.kms.attest.device.sev;

import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;

/**
 * A report about this machine whose length and report data are those asked for; nothing else was
 * checked.
 *
 * @param report 1184 bytes
 * @param certificates the table that the host sent with it, possibly nothing
 */
public record SnpReport(Bytes report, Bytes certificates) {
  /** Length of a report in bytes. */
  static final int LENGTH = 1184;

  private static final int REPORT_DATA_OFFSET = 0x50;

  static SnpReport about(ReportData reportData, Bytes report, Bytes certificates) {
    if (report.length() != LENGTH) {
      throw DeviceRefusal.REPORT_FAILURE.because(
          "sev-snp report has invalid length: expected 1184 bytes, got " + report.length());
    }
    Bytes named = report.slice(REPORT_DATA_OFFSET, REPORT_DATA_OFFSET + ReportData.LENGTH);
    if (!named.equals(reportData.value())) {
      throw DeviceRefusal.WRONG_REPORT_DATA.because("sev-snp report_data mismatch");
    }
    return new SnpReport(report, certificates);
  }
}
