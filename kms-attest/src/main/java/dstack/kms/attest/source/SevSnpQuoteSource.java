package dstack.kms.attest.source;

import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.GuestFiles;
import dstack.kms.attest.device.sev.NativeSnpReports;
import dstack.kms.attest.device.sev.SnpReport;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.evidence.SevSnpEvidence;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Evidence of an SEV-SNP guest from its own devices and files (specification 16 §1). Safe for use
 * by several threads.
 */
public final class SevSnpQuoteSource implements QuoteSource {
  private final NativeSnpReports reports;
  private final GuestFiles files;
  private final ReentrantLock oneAtATime = new ReentrantLock();

  /** A source that sends these reports with these files. */
  public SevSnpQuoteSource(NativeSnpReports reports, GuestFiles files) {
    this.reports = reports;
    this.files = files;
  }

  @Override
  public Bytes attest(ReportData reportData) {
    String mrConfig = files.mrConfig();
    if (mrConfig.isEmpty()) {
      throw DeviceRefusal.GUEST_FILE.because(
          "there is no mr_config in " + files.hostShared().resolve(".sys-config.json"));
    }
    SnpReport report = report(reportData);
    List<Bytes> chain =
        report.certificates().isEmpty() ? List.of() : List.of(report.certificates());
    SevSnpEvidence evidence = new SevSnpEvidence(report.report(), chain, mrConfig);
    return new MadeAttestation(evidence, reportData, RuntimeEvents.NONE, files.vmConfig()).encode();
  }

  private SnpReport report(ReportData reportData) {
    oneAtATime.lock();
    try {
      return reports.report(reportData);
    } finally {
      oneAtATime.unlock();
    }
  }

  @Override
  public String vmConfig() {
    return files.vmConfig();
  }
}
