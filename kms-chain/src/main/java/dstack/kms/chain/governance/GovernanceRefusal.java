package dstack.kms.chain.governance;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why a task of governance is not done. */
public enum GovernanceRefusal implements RefusalCode {
  /** A value that no allow-list may hold. */
  VALUE("governance-value", RefusalKind.INVALID),
  /** The contract is not what the task is about. */
  CONTRACT("governance-contract", RefusalKind.REFUSED),
  /** The contract would refuse the call. */
  SIMULATION("governance-simulation", RefusalKind.REFUSED);

  private final String code;
  private final RefusalKind kind;

  GovernanceRefusal(String code, RefusalKind kind) {
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

  RefusalException because(String text) {
    return new RefusalException(this, text);
  }
}
