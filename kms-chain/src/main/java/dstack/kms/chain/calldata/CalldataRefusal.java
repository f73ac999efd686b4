package dstack.kms.chain.calldata;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why bytes of the chain cannot be read. */
public enum CalldataRefusal implements RefusalCode {
  /** Not the canonical encoding of the expected types. */
  ENCODING("calldata-encoding");

  private final String code;

  CalldataRefusal(String code) {
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

  RefusalException because(String text) {
    return new RefusalException(this, text);
  }
}
