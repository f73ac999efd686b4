package dstack.kms.chain.proof.header;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why what an endpoint calls a block is not the header of the trusted block. */
public enum HeaderRefusal implements RefusalCode {
  /** A field is missing, or is not of its form. */
  FIELD("header-field", RefusalKind.UNAVAILABLE),
  /** The fields are those of no fork of the protocol that is known here. */
  FIELD_SET("header-field-set", RefusalKind.UNAVAILABLE),
  /** The header's fields do not have the trusted hash. */
  HASH("header-hash", RefusalKind.REFUSED),
  /** The header has another height or time than was said when the block was chosen. */
  OTHER_PLACE("header-other-place", RefusalKind.REFUSED);

  private final String code;
  private final RefusalKind kind;

  HeaderRefusal(String code, RefusalKind kind) {
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
