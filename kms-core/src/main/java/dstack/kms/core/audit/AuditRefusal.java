package dstack.kms.core.audit;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why something cannot be recorded, or a log does not hold. */
public enum AuditRefusal implements RefusalCode {
  /** No place takes the line; what it would have recorded does not happen. */
  UNWRITABLE("audit-unwritable", RefusalKind.UNAVAILABLE);

  private final String code;
  private final RefusalKind kind;

  AuditRefusal(String code, RefusalKind kind) {
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
