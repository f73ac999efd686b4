package dstack.kms.attest.nitro;

import dstack.kms.attest.appinfo.AppInfo;
import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.eventlog.IdentityEventRules;
import dstack.kms.attest.eventlog.RuntimeEvents;
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
    RuntimeEvents events = claims.runtimeEvents();
    Bytes keyProvider =
        switch (point) {
          case RUNTIME -> events.payloadOf("key-provider");
          case BOOT -> Bytes.EMPTY;
        };
    RuntimeEvents measured =
        switch (point) {
          case RUNTIME -> events;
          case BOOT -> events.untilBootDone();
        };
    return new AppInfo(
        events.payloadOf("app-id"),
        events.payloadOf("compose-hash"),
        events.payloadOf("instance-id"),
        Digests.sha256(rawDeviceId()),
        boot.digestWith(keyProvider.isEmpty() ? NO_KEY_PROVIDER : Digests.sha256(keyProvider)),
        boot.digestWith(measured.replaySha384()),
        osImageHash,
        keyProvider,
        events.payloadsOf("init-script-hash"));
  }
}
