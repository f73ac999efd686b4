package dstack.kms.cli.attest;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why evidence that was made did not reach its reader. */
public enum AttestRefusal implements RefusalCode {
  /** The file cannot be written. */
  OUTPUT("attest-output");

  private final String code;

  AttestRefusal(String code) {
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
