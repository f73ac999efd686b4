package dstack.kms.cli.input;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why a file that could be read is not what a command needs. */
public enum InputRefusal implements RefusalCode {
  /** It is not the text or the JSON that was expected. */
  MALFORMED("input-malformed");

  private final String code;

  InputRefusal(String code) {
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
