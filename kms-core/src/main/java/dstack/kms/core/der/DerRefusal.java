package dstack.kms.core.der;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why bytes are not the distinguished encoding of what was expected. */
public enum DerRefusal implements RefusalCode {
  TRUNCATED("der-truncated"),
  NOT_CANONICAL("der-not-canonical"),
  UNEXPECTED_TAG("der-unexpected-tag"),
  BAD_VALUE("der-bad-value"),
  TRAILING_BYTES("der-trailing-bytes");

  private final String code;

  DerRefusal(String code) {
    this.code = code;
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
