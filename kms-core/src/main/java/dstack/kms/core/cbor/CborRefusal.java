package dstack.kms.core.cbor;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why bytes are not the CBOR that was expected. */
public enum CborRefusal implements RefusalCode {
  TRUNCATED("cbor-truncated"),
  TOO_DEEP("cbor-too-deep"),
  TOO_MANY_ENTRIES("cbor-too-many-entries"),
  NOT_SHORTEST("cbor-not-shortest"),
  UNSUPPORTED("cbor-unsupported"),
  OUT_OF_RANGE("cbor-out-of-range"),
  NOT_UTF8("cbor-not-utf8"),
  DUPLICATE_KEY("cbor-duplicate-key"),
  TRAILING_BYTES("cbor-trailing-bytes"),
  WRONG_TYPE("cbor-wrong-type"),
  MISSING_FIELD("cbor-missing-field");

  private final String code;

  CborRefusal(String code) {
    this.code = code;
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
    return RefusalKind.INVALID;
  }
}
