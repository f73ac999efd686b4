package dstack.kms.attest.appinfo;

import dstack.kms.attest.eventlog.IdentityEventRules;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.quote.TdReport;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.function.Supplier;

/** The app info of an Intel TDX guest. */
public final class TdxAppInfo {
  private static final String CONTEXT = "decode app info";

  private TdxAppInfo() {}

  /**
   * The app info of verified evidence. The identity events must be in their expected sequence, and
   * a whole system configuration is not unwrapped.
   *
   * @param rawDeviceId the platform's PPID
   * @param externalVmConfig what came with the request; empty to take the embedded configuration
   */
  public static AppInfo of(
      TdReport report,
      RuntimeEvents events,
      Bytes rawDeviceId,
      String externalVmConfig,
      String embeddedVmConfig,
      MeasurementPoint point) {
    try {
      IdentityEventRules.check(events);
      Bytes osImageHash = osImageHash(() -> VmConfig.resolve(externalVmConfig, embeddedVmConfig));
      return decode(report, events, rawDeviceId, osImageHash, point);
    } catch (RefusalException e) {
      throw e.within(CONTEXT);
    }
  }

  static AppInfo decode(
      TdReport report,
      RuntimeEvents events,
      Bytes rawDeviceId,
      Bytes osImageHash,
      MeasurementPoint point) {
    EventIdentity identity = new EventIdentity(events, point);
    return identity.appInfo(
        rawDeviceId,
        TdxMeasurements.mrSystem(report, identity.keyProviderInfo()),
        TdxMeasurements.mrAggregated(report, identity.measured()),
        osImageHash);
  }

  static Bytes osImageHash(Supplier<VmConfig> resolved) {
    try {
      return resolved.get().osImageHash();
    } catch (RefusalException e) {
      throw e.within("Failed to decode os image hash");
    }
  }
}
