package dstack.kms.attest.device.sev;

import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.LibC;
import dstack.kms.attest.device.Timing;
import dstack.kms.attest.device.tsm.TsmProvider;
import dstack.kms.attest.device.tsm.TsmReport;
import dstack.kms.attest.device.tsm.TsmReports;
import dstack.kms.attest.device.tsm.TsmSettings;
import dstack.kms.core.config.DeviceConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/**
 * SEV-SNP reports by configfs-tsm, else by the guest device, which is also asked if configfs sends
 * no certificates (specification 16 §1).
 */
public final class NativeSnpReports {
  private final TsmReports configfs;
  private final SevGuestDevice device;
  private final Path root;

  /** Reports from the devices that the configuration names. */
  public NativeSnpReports(DeviceConfig config, LibC libc, Timing timing, RandomGenerator random) {
    configfs = new TsmReports(libc, timing, random, TsmSettings.of(config));
    device = new SevGuestDevice(libc, config.sevGuest());
    root = config.configfs();
  }

  /** A report over the report data. */
  public SnpReport report(ReportData reportData) {
    boolean deviceThere = Files.exists(device.path());
    if (configfs.available()) {
      return fromConfigfs(reportData, deviceThere);
    }
    if (!deviceThere) {
      throw DeviceRefusal.NOT_SUPPORTED.because(
          "sev-snp report is unavailable: neither " + root + " nor " + device.path() + " exists");
    }
    return device.extendedReport(reportData);
  }

  private SnpReport fromConfigfs(ReportData reportData, boolean deviceThere) {
    SnpReport report;
    try {
      TsmReport answer = configfs.report(TsmProvider.SEV_SNP, reportData);
      report = SnpReport.about(reportData, answer.outblob(), answer.certificates());
    } catch (RefusalException e) {
      if (!deviceThere || e.code() == DeviceRefusal.WRONG_REPORT_DATA) {
        throw e;
      }
      return device.extendedReport(reportData);
    }
    return report.certificates().isEmpty() && deviceThere
        ? withCertificates(report, reportData)
        : report;
  }

  /**
   * Certificates are a convenience for the verifier, who can fetch them: not having any is fine.
   */
  private SnpReport withCertificates(SnpReport without, ReportData reportData) {
    try {
      SnpReport extended = device.extendedReport(reportData);
      return extended.certificates().isEmpty() ? without : extended;
    } catch (RefusalException e) {
      return without;
    }
  }
}
