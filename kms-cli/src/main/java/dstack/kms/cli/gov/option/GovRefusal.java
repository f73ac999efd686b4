package dstack.kms.cli.gov.option;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why a command of governance does not go on. */
public enum GovRefusal implements RefusalCode {
  /** The key is of another account than was named. */
  ACCOUNT("gov-account"),
  /** Nobody agreed to it. */
  DECLINED("gov-declined"),
  /** What was found is not as the command needs it. */
  STATE("gov-state");

  private final String code;

  GovRefusal(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public RefusalKind kind() {
    return RefusalKind.REFUSED;
  }
}
