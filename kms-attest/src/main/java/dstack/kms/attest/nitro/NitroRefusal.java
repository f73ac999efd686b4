package dstack.kms.attest.nitro;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why a Nitro attestation document is not believed, or does not bear out what is claimed. */
public enum NitroRefusal implements RefusalCode {
  /** The bytes are no COSE_Sign1 of the agreed form. */
  COSE("nitro-cose-malformed", RefusalKind.INVALID),
  /** The signature is of another algorithm, or a critical header is not understood. */
  ALGORITHM("nitro-cose-algorithm", RefusalKind.REFUSED),
  /** The signed payload is no attestation document. */
  DOCUMENT("nitro-document-malformed", RefusalKind.INVALID),
  /** Another digest than SHA-384, or registers of another length. */
  REGISTERS("nitro-registers", RefusalKind.REFUSED),
  /** The document was made more than an hour ago. */
  STALE("nitro-document-stale", RefusalKind.REFUSED),
  /** The document was made more than five minutes in the future. */
  FUTURE("nitro-document-in-future", RefusalKind.REFUSED),
  /** The document's own root is not the pinned one. */
  ROOT("nitro-root-mismatch", RefusalKind.REFUSED),
  /** The signer's certificate is not one for signing documents. */
  SIGNER("nitro-signer-usage", RefusalKind.REFUSED),
  /** The document's signature does not hold. */
  SIGNATURE("nitro-signature", RefusalKind.REFUSED),
  /** The external root certificate cannot be used. */
  TRUST_ANCHOR("nitro-trust-anchor", RefusalKind.INVALID),
  /** The document is of the other kind of module. */
  MODULE("nitro-module-kind", RefusalKind.REFUSED),
  /** The document is bound to nothing, or to other report data than the attestation claims. */
  REPORT_DATA("nitro-report-data", RefusalKind.REFUSED),
  /** A register that counts is not in the document. */
  REGISTER_MISSING("nitro-register-missing", RefusalKind.REFUSED),
  /** The enclave can be debugged; nothing of it was measured. */
  DEBUG("nitro-enclave-debug", RefusalKind.REFUSED),
  /** Events that no enclave may state, because nothing measures them. */
  UNMEASURED_EVENTS("nitro-unmeasured-events", RefusalKind.REFUSED),
  /** The claimed image is not the measured one. */
  IMAGE("nitro-image-mismatch", RefusalKind.REFUSED),
  /** The measurement document of the image is missing or not of the agreed form. */
  IMAGE_MEASUREMENT("nitrotpm-image-measurement", RefusalKind.REFUSED),
  /** The runtime events are not those that the NitroTPM measured. */
  RUNTIME_REGISTER("nitrotpm-runtime-register", RefusalKind.REFUSED),
  /** The configuration that the guest committed to is not the one in its events. */
  CONFIG_REGISTER("nitrotpm-config-register", RefusalKind.REFUSED);

  private final String code;
  private final RefusalKind kind;

  NitroRefusal(String code, RefusalKind kind) {
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
