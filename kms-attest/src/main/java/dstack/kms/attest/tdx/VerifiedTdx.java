package dstack.kms.attest.tdx;

import dstack.kms.attest.appinfo.AppInfo;
import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.appinfo.TdxAppInfo;
import dstack.kms.attest.dcap.VerifiedQuote;
import dstack.kms.attest.eventlog.TdxEvent;
import dstack.kms.attest.platform.Claims;
import dstack.kms.attest.platform.PlatformStatus;
import dstack.kms.attest.platform.VerifiedPlatform;
import dstack.kms.attest.quote.TdReport;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.util.List;

/** A verified quote, the trust domain's report in it, and the claims that it bore out. */
public final class VerifiedTdx implements VerifiedPlatform {
  private final VerifiedQuote quote;
  private final TdReport report;
  private final List<TdxEvent> eventLog;
  private final Claims claims;

  VerifiedTdx(VerifiedQuote quote, TdReport report, List<TdxEvent> eventLog, Claims claims) {
    this.quote = quote;
    this.report = report;
    this.eventLog = List.copyOf(eventLog);
    this.claims = claims;
  }

  /** The quote with the verdicts on platform, TDX module and quoting enclave separately. */
  public VerifiedQuote quote() {
    return quote;
  }

  /** What the hardware says about the trust domain. */
  public TdReport report() {
    return report;
  }

  /**
   * The log beside the quote, which contradicts it nowhere and may lack whatever was stripped. What
   * it says about boot registers proves nothing until they are recomputed from it.
   */
  public List<TdxEvent> eventLog() {
    return eventLog;
  }

  /** The overall status in Intel's words, for example {@code UpToDate}. */
  @Override
  public PlatformStatus status() {
    return new PlatformStatus(quote.status().text(), quote.advisoryIds(), true);
  }

  /** The PPID of the platform's PCK certificate, 16 bytes. */
  @Override
  public Bytes rawDeviceId() {
    return quote.ppid();
  }

  @Override
  public String instanceLabel() {
    return claims.runtimeEvents().payloadOf("instance-id").hex();
  }

  @Override
  public Bytes digest() {
    return Digests.sha256(quote.raw());
  }

  @Override
  public AppInfo appInfo(String vmConfig, MeasurementPoint point) {
    return TdxAppInfo.of(
        report, claims.runtimeEvents(), rawDeviceId(), vmConfig, claims.config(), point);
  }

  @Override
  public List<String> unchecked() {
    return List.of();
  }
}
