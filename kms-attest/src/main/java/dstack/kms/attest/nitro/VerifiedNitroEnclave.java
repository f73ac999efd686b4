package dstack.kms.attest.nitro;

import dstack.kms.attest.appinfo.AppInfo;
import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.platform.Claims;
import dstack.kms.attest.platform.PlatformStatus;
import dstack.kms.attest.platform.VerifiedPlatform;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/**
 * An enclave whose document was verified and that cannot be debugged (specification 15 §4).
 *
 * <p>Its compose hash is the hash of its image, which it only claims. Keys hang on that value, so
 * every claimed hash is held against the registers here; one that is not claimed stays empty, and
 * no authority is asked about an empty compose hash.
 */
public final class VerifiedNitroEnclave implements VerifiedPlatform {
  private static final PlatformStatus STATUS = new PlatformStatus("", List.of(), false);

  private final VerifiedDocument document;
  private final EnclaveMeasurement measurement;
  private final Claims claims;

  VerifiedNitroEnclave(VerifiedDocument document, EnclaveMeasurement measurement, Claims claims) {
    this.document = document;
    this.measurement = measurement;
    this.claims = claims;
  }

  /** No status and no advisories: AWS says nothing about how up to date a host is. */
  @Override
  public PlatformStatus status() {
    return STATUS;
  }

  /**
   * The module's id up to its first hyphen, as the original takes it: the one letter {@code i} of
   * every enclave. {@link #instanceLabel} tells enclaves apart.
   */
  @Override
  public Bytes rawDeviceId() {
    int hyphen = document.moduleId().indexOf('-');
    return hyphen < 0 ? Bytes.EMPTY : Bytes.utf8(document.moduleId().substring(0, hyphen));
  }

  /** The whole module id: instance and enclave. */
  @Override
  public String instanceLabel() {
    return document.moduleId();
  }

  @Override
  public Bytes digest() {
    return document.digest();
  }

  /** SHA-256 of registers 0, 1 and 2: what the image really is. */
  public Bytes imageHash() {
    return measurement.imageHash();
  }

  /**
   * {@inheritDoc}
   *
   * @throws RefusalException also if the configuration claims another image than the measured one:
   *     {@code os_image_hash mismatch: expected=…, computed=…}
   */
  @Override
  public AppInfo appInfo(String vmConfig, MeasurementPoint point) {
    try {
      return appInfo(claimedImage(vmConfig), point);
    } catch (RefusalException e) {
      throw e.within("decode app info");
    }
  }

  @Override
  public List<String> unchecked() {
    return document.unchecked();
  }

  EnclaveMeasurement measurement() {
    return measurement;
  }

  private Bytes claimedImage(String vmConfig) {
    Bytes claimed = ClaimedImage.hash(vmConfig, claims.config());
    if (!claimed.isEmpty()) {
      measurement.requireImage(claimed);
    }
    return claimed;
  }

  private AppInfo appInfo(Bytes image, MeasurementPoint point) {
    RuntimeEvents events = claims.runtimeEvents();
    Bytes keyProvider =
        switch (point) {
          case RUNTIME -> events.payloadOf("key-provider");
          case BOOT -> Bytes.EMPTY;
        };
    Bytes measured = measurement.imageHash();
    return new AppInfo(
        events.payloadOf("app-id"),
        image,
        events.payloadOf("instance-id"),
        Digests.sha256(rawDeviceId()),
        measured,
        measured,
        image,
        keyProvider,
        List.of());
  }
}
