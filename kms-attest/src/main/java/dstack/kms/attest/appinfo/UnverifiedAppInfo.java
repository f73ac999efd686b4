package dstack.kms.attest.appinfo;

import dstack.kms.attest.evidence.TdxEvidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.quote.TdReport;
import dstack.kms.attest.quote.UnverifiedQuote;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/**
 * What an attestation claims about its workload, the way a guest agent computes it about itself:
 * nothing is verified, the device id is that of no device, a whole system configuration is
 * unwrapped once. Never a ground for a decision.
 *
 * <p>The original fills the app info extension of a certificate this way. This server fills it from
 * verified evidence instead (specification 02, after the snapshot, point 6): no reader compares it
 * with these values, and then everything in a certificate comes from one verified object.
 */
public final class UnverifiedAppInfo {
  private UnverifiedAppInfo() {}

  /** The claims of a TDX guest; other platforms are refused. */
  public static AppInfo of(UnverifiedAttestation attestation, MeasurementPoint point) {
    if (!(attestation.evidence() instanceof TdxEvidence evidence)) {
      throw new RefusalException(
          AppInfoRefusal.PLATFORM,
          "app info of " + attestation.evidence().variant().wireName() + " is not supported");
    }
    try {
      Bytes osImageHash =
          TdxAppInfo.osImageHash(() -> VmConfig.resolveNested("", attestation.config()));
      return TdxAppInfo.decode(
          tdReport(evidence), attestation.runtimeEvents(), Bytes.EMPTY, osImageHash, point);
    } catch (RefusalException e) {
      throw e.within("decode app info");
    }
  }

  private static TdReport tdReport(TdxEvidence evidence) {
    UnverifiedQuote quote;
    try {
      quote = UnverifiedQuote.parse(evidence.quote());
    } catch (RefusalException e) {
      throw e.within("Failed to parse quote");
    }
    if (quote.report() instanceof TdReport report) {
      return report;
    }
    throw new RefusalException(AppInfoRefusal.NO_TD_REPORT, "TDX report not found");
  }
}
