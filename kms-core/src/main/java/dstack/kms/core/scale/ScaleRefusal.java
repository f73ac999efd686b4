package dstack.kms.core.scale;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why bytes are not the SCALE encoding of what was expected. */
public enum ScaleRefusal implements RefusalCode {
  TRUNCATED("scale-truncated"),
  TOO_LONG("scale-too-long"),
  NOT_CANONICAL("scale-not-canonical"),
  BAD_BOOLEAN("scale-bad-boolean"),
  BAD_OPTION("scale-bad-option"),
  NOT_UTF8("scale-not-utf8"),
  TRAILING_BYTES("scale-trailing-bytes");

  private final String code;

  ScaleRefusal(String code) {
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
