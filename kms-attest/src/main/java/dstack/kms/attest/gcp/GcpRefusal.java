package dstack.kms.attest.gcp;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/**
 * Why evidence of a TDX guest on Google Cloud is not believed, beside the reasons of its TDX half
 * and those of certificate paths.
 */
public enum GcpRefusal implements RefusalCode {
  /** The message that the TPM signed is not of the agreed form. */
  ATTEST("vtpm-message-malformed", RefusalKind.INVALID),
  /** The TPM's signature is not of the agreed form, or not of the key's kind. */
  SIGNATURE_FORM("vtpm-signature-malformed", RefusalKind.INVALID),
  /** The quote says that it was made on another platform. */
  PLATFORM("vtpm-platform", RefusalKind.REFUSED),
  /** The TPM did not quote exactly the registers that are needed. */
  PCR_SELECTION("vtpm-pcr-selection", RefusalKind.REFUSED),
  /** A register's value is not of the quoted bank. */
  PCR_VALUE("vtpm-pcr-value", RefusalKind.REFUSED),
  /** The registers are not those that the TPM quoted. */
  PCR_DIGEST("vtpm-pcr-digest", RefusalKind.REFUSED),
  /** The boot log does not lead to the quoted registers. */
  PCR_REPLAY("vtpm-pcr-replay", RefusalKind.REFUSED),
  /** The attestation key's certificate holds no key that TPM quotes are verified with. */
  AK_KEY("vtpm-ak-key", RefusalKind.REFUSED),
  /** The attestation key did not sign the message. */
  SIGNATURE("vtpm-signature", RefusalKind.REFUSED),
  /** The TPM signed over another TDX quote. */
  QUALIFYING_DATA("vtpm-qualifying-data", RefusalKind.REFUSED),
  /** The runtime events are not those that the TPM measured. */
  RUNTIME_PCR("vtpm-runtime-pcr", RefusalKind.REFUSED),
  /** The operator's list of projects or instances does not have this machine. */
  INSTANCE("gcp-instance-not-allowed", RefusalKind.REFUSED),
  /** The firmware is none that the server knows. */
  FIRMWARE("gcp-firmware-unknown", RefusalKind.REFUSED),
  /** The VM configuration does not say how the image measures. */
  MEASUREMENT_MISSING("gcp-measurement-missing", RefusalKind.REFUSED),
  /** The image's measurement document is not of the agreed form. */
  MEASUREMENT_FORM("gcp-measurement-malformed", RefusalKind.INVALID),
  /** The boot log does not have the agreed sequence of boot programs. */
  BOOT_SEQUENCE("gcp-boot-sequence", RefusalKind.REFUSED),
  /** Another image was booted than the one that is claimed. */
  UKI_HASH("gcp-uki-hash", RefusalKind.REFUSED);

  private final String code;
  private final RefusalKind kind;

  GcpRefusal(String code, RefusalKind kind) {
    this.code = code;
    this.kind = kind;
  }

  RefusalException because(String text) {
    return new RefusalException(this, text);
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public RefusalKind kind() {
    return kind;
  }
}
