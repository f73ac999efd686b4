package dstack.kms.attest.x509;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/**
 * Why a certificate, a revocation list or a path is not accepted. Texts are the error names of the
 * library that the original uses, so that operators meet the words they know.
 */
public enum PathRefusal implements RefusalCode {
  /** The bytes are no strict DER, no PEM, or too large. */
  MALFORMED("path-malformed", RefusalKind.INVALID),
  /** A version, an algorithm or a critical extension that is not understood. */
  UNSUPPORTED("certificate-unsupported", RefusalKind.REFUSED),
  /** Not valid yet or not any more. */
  NOT_IN_FORCE("certificate-not-in-force", RefusalKind.REFUSED),
  /** A certificate is used for what it was not issued for. */
  USAGE("certificate-usage", RefusalKind.REFUSED),
  /** No path leads to the trust anchor. */
  UNKNOWN_ISSUER("certificate-issuer-unknown", RefusalKind.REFUSED),
  /** A certificate's signature does not hold. */
  SIGNATURE("certificate-signature", RefusalKind.REFUSED),
  /** No revocation list speaks for the certificate. */
  REVOCATION_UNKNOWN("revocation-unknown", RefusalKind.REFUSED),
  /** The revocation list's signature does not hold, or its issuer may not sign lists. */
  REVOCATION_LIST_SIGNATURE("revocation-list-signature", RefusalKind.REFUSED),
  /** The revocation list is not in force yet or not any more. */
  REVOCATION_LIST_NOT_IN_FORCE("revocation-list-not-in-force", RefusalKind.REFUSED),
  /** The certificate is revoked. */
  REVOKED("certificate-revoked", RefusalKind.REFUSED),
  /** The Intel extension of a PCK certificate is missing or malformed. */
  INTEL_EXTENSION("pck-extension", RefusalKind.REFUSED);

  private final String code;
  private final RefusalKind kind;

  PathRefusal(String code, RefusalKind kind) {
    this.code = code;
    this.kind = kind;
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
