package dstack.kms.attest.gcp;

import dstack.kms.attest.appinfo.AppInfo;
import dstack.kms.attest.appinfo.EventIdentity;
import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.appinfo.VmConfig;
import dstack.kms.attest.eventlog.IdentityEventRules;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.platform.Claims;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;

/** The formulas of specification 14 §6. */
final class GcpAppInfo {
  private GcpAppInfo() {}

  /**
   * The app info of verified evidence. The identity events must be in their expected sequence, and
   * a whole system configuration is not unwrapped.
   *
   * @param rawDeviceId the platform's PPID
   * @param vmConfig what came with the request; empty to take the embedded configuration
   */
  static AppInfo of(
      QuotedTpm tpm, Claims claims, Bytes rawDeviceId, String vmConfig, MeasurementPoint point) {
    try {
      IdentityEventRules.check(claims.runtimeEvents());
      return decode(tpm, claims.runtimeEvents(), rawDeviceId, image(vmConfig, claims), point);
    } catch (RefusalException e) {
      throw e.within("decode app info");
    }
  }

  private static Bytes image(String vmConfig, Claims claims) {
    try {
      return VmConfig.resolve(vmConfig, claims.config()).osImageHash();
    } catch (RefusalException e) {
      throw e.within("Failed to decode os image hash");
    }
  }

  private static AppInfo decode(
      QuotedTpm tpm,
      RuntimeEvents events,
      Bytes rawDeviceId,
      Bytes osImageHash,
      MeasurementPoint point) {
    EventIdentity identity = new EventIdentity(events, point);
    return identity.appInfo(
        rawDeviceId,
        Digests.sha256(osImageHash, keyProviderDigest(identity.keyProviderInfo())),
        Digests.sha256(tpm.pcr0(), tpm.pcr2(), identity.measured().replaySha256()),
        osImageHash);
  }

  private static Bytes keyProviderDigest(Bytes keyProviderInfo) {
    return keyProviderInfo.isEmpty() ? Bytes.zeros(32) : Digests.sha256(keyProviderInfo);
  }
}
