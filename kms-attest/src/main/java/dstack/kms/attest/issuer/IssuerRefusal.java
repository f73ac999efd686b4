package dstack.kms.attest.issuer;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why an issuer's document cannot be had. */
public enum IssuerRefusal implements RefusalCode {
  /** The address in a certificate is not one that may be asked. */
  ADDRESS("issuer-address", RefusalKind.REFUSED),
  /** Nothing answered in time and in the expected form; nothing is known of the certificate. */
  UNAVAILABLE("issuer-unavailable", RefusalKind.UNAVAILABLE),
  /** A revocation list is older than one that was seen before. */
  ROLLED_BACK("issuer-list-rolled-back", RefusalKind.UNAVAILABLE),
  /** A document that was given is neither a certificate nor a revocation list. */
  MALFORMED("issuer-document-malformed", RefusalKind.INVALID);

  private final String code;
  private final RefusalKind kind;

  IssuerRefusal(String code, RefusalKind kind) {
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

  /** A refusal with a text for clients and a detail for the operator. */
  RefusalException refuse(String text, String detail) {
    return new RefusalException(this, text, detail);
  }
}
