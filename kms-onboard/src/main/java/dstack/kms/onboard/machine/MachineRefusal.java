package dstack.kms.onboard.machine;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why this machine's own evidence is of no use. */
public enum MachineRefusal implements RefusalCode {
  /** The quote source answered with evidence over something else. */
  OWN_EVIDENCE("node-own-evidence", RefusalKind.REFUSED);

  private final String code;
  private final RefusalKind kind;

  MachineRefusal(String code, RefusalKind kind) {
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
