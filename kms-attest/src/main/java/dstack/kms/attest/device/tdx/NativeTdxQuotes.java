package dstack.kms.attest.device.tdx;

import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.LibC;
import dstack.kms.attest.device.TdxQuoteProvider;
import dstack.kms.attest.device.Timing;
import dstack.kms.attest.device.tsm.TsmProvider;
import dstack.kms.attest.device.tsm.TsmReports;
import dstack.kms.attest.device.tsm.TsmSettings;
import dstack.kms.attest.quote.TdReport;
import dstack.kms.attest.quote.UnverifiedQuote;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.DeviceConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * TDX quotes by the first way that this machine has: configfs-tsm, then the host's quote service
 * (specification 13 §2). Once configfs is there its failure is final, unless the operator wants the
 * quote service asked after it. A quote about other report data than ours is never returned.
 */
public final class NativeTdxQuotes implements TdxQuoteProvider {
  private static final int SHORTEST_QUOTE = 1021;

  private final TsmReports configfs;
  private final TdxGuestDevice device;
  private final QgsClient service;
  private final Path serviceConfig;
  private final boolean serviceAfterConfigfs;

  /** Quotes from the devices that the configuration names. */
  public NativeTdxQuotes(DeviceConfig config, LibC libc, Timing timing, RandomGenerator random) {
    configfs = new TsmReports(libc, timing, random, TsmSettings.of(config));
    device = new TdxGuestDevice(libc, config.tdxGuest());
    service = new QgsClient(libc, timing, config.qgsTimeout());
    serviceConfig = config.qgsConfig();
    serviceAfterConfigfs = config.qgsAfterConfigfs();
  }

  @Override
  public Bytes quote(ReportData reportData) {
    return requireAbout(reportData, unchecked(reportData));
  }

  private Bytes unchecked(ReportData reportData) {
    if (!configfs.available()) {
      return fromService(reportData, QgsPort.read(serviceConfig));
    }
    try {
      return fromConfigfs(reportData);
    } catch (RefusalException e) {
      OptionalLong port = serviceAfterConfigfs ? QgsPort.read(serviceConfig) : OptionalLong.empty();
      if (port.isEmpty()) {
        throw e;
      }
      return fromService(reportData, port);
    }
  }

  private Bytes fromConfigfs(ReportData reportData) {
    Bytes quote = configfs.report(TsmProvider.TDX, reportData).outblob();
    if (quote.length() < SHORTEST_QUOTE) {
      throw DeviceRefusal.QUOTE_FAILURE.because("invalid quote size: " + quote.length());
    }
    return quote;
  }

  private Bytes fromService(ReportData reportData, OptionalLong port) {
    if (port.isEmpty()) {
      throw DeviceRefusal.NOT_SUPPORTED.because(
          "no quote method available (configfs not mounted, no vsock port configured)");
    }
    return service.quote(port.getAsLong(), device.tdReport(reportData));
  }

  private static Bytes requireAbout(ReportData reportData, Bytes quote) {
    UnverifiedQuote parsed;
    try {
      parsed = UnverifiedQuote.parse(quote);
    } catch (RefusalException e) {
      throw RefusalException.causedBy(
          DeviceRefusal.QUOTE_FAILURE, "quote failure: not a quote: " + e.text(), e);
    }
    if (!(parsed.report() instanceof TdReport report)) {
      throw DeviceRefusal.QUOTE_FAILURE.because("not a quote of a trust domain");
    }
    if (!report.reportData().equals(reportData.value())) {
      throw DeviceRefusal.WRONG_REPORT_DATA.because("the quote is about other report data");
    }
    return quote;
  }
}
