package dstack.kms.chain.proof.rlp;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why bytes are not the canonical encoding of what was expected. */
public enum RlpRefusal implements RefusalCode {
  /** A value reaches beyond the bytes around it. */
  TRUNCATED("rlp-truncated"),
  /** The same value has a shorter encoding. */
  NOT_CANONICAL("rlp-not-canonical"),
  /** A list where a string was expected, or the other way round. */
  UNEXPECTED_KIND("rlp-unexpected-kind"),
  /** Lists in lists in lists. */
  TOO_DEEP("rlp-too-deep"),
  /** Something stands after the one value. */
  TRAILING_BYTES("rlp-trailing-bytes");

  private final String code;

  RlpRefusal(String code) {
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
