package dstack.kms.attest.nitro;

import dstack.kms.attest.appinfo.AppInfo;
import dstack.kms.attest.appinfo.EventIdentity;
import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.eventlog.IdentityEventRules;
import dstack.kms.attest.platform.Claims;
import dstack.kms.attest.platform.PlatformStatus;
import dstack.kms.attest.platform.VerifiedPlatform;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/** An EC2 instance whose document and runtime events were verified (specification 15 §9). */
public final class VerifiedNitroTpm implements VerifiedPlatform {
  /** The word that the protocol fixes; nobody assessed anything (T-17). */
  private static final PlatformStatus STATUS = new PlatformStatus("UpToDate", List.of(), false);

  private static final Bytes NO_KEY_PROVIDER = Bytes.zeros(32);

  private final VerifiedDocument document;
  private final BootRegisters boot;
  private final Claims claims;

  VerifiedNitroTpm(VerifiedDocument document, BootRegisters boot, Claims claims) {
    this.document = document;
    this.boot = boot;
    this.claims = claims;
  }

  /** {@code UpToDate} without an assessment. */
  @Override
  public PlatformStatus status() {
    return STATUS;
  }

  /** The whole module id. */
  @Override
  public Bytes rawDeviceId() {
    return Bytes.utf8(document.moduleId());
  }

  @Override
  public String instanceLabel() {
    return document.moduleId();
  }

  @Override
  public Bytes digest() {
    return document.digest();
  }

  @Override
  public AppInfo appInfo(String vmConfig, MeasurementPoint point) {
    try {
      IdentityEventRules.check(claims.runtimeEvents());
      return appInfo(ClaimedImage.hash(vmConfig, claims.config()), point);
    } catch (RefusalException e) {
      throw e.within("decode app info");
    }
  }

  @Override
  public List<String> unchecked() {
    return document.unchecked();
  }

  /** SHA-256 of registers 4, 7 and 12: what was booted, 32 bytes. */
  public Bytes bootDigest() {
    return boot.digest();
  }

  BootRegisters boot() {
    return boot;
  }

  private AppInfo appInfo(Bytes osImageHash, MeasurementPoint point) {
    EventIdentity identity = new EventIdentity(claims.runtimeEvents(), point);
    Bytes keyProvider = identity.keyProviderInfo();
    return identity.appInfo(
        rawDeviceId(),
        boot.digestWith(keyProvider.isEmpty() ? NO_KEY_PROVIDER : Digests.sha256(keyProvider)),
        boot.digestWith(identity.measured().replaySha384()),
        osImageHash);
  }
}
