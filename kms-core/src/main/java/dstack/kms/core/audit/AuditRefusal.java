package dstack.kms.core.audit;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why something cannot be recorded, or a log does not hold. */
public enum AuditRefusal implements RefusalCode {
  /** No place takes the line; what it would have recorded does not happen. */
  UNWRITABLE("audit-unwritable", RefusalKind.UNAVAILABLE),
  /** A line is not as it was written, or lines are missing between two others. */
  CHANGED("audit-changed", RefusalKind.REFUSED),
  /** The log ends before a line that is known to have been in it. */
  ROLLED_BACK("audit-rolled-back", RefusalKind.REFUSED),
  /** The last line is not whole: of a crash, or of a server that is just writing it. */
  INCOMPLETE("audit-incomplete", RefusalKind.REFUSED),
  /** Two directories hold different logs. */
  DIVERGED("audit-diverged", RefusalKind.REFUSED),
  /** There are lines, and the key that signed them is not there, or is another one. */
  FOREIGN_KEY("audit-foreign-key", RefusalKind.REFUSED),
  /** Another process writes this log. */
  BUSY("audit-busy", RefusalKind.REFUSED),
  /** A file or folder is a link, is somebody else's, or cannot be made private. */
  UNSAFE("audit-unsafe", RefusalKind.REFUSED),
  /** There is no log where one was looked for. */
  MISSING("audit-missing", RefusalKind.REFUSED),
  /** The file system failed. */
  FAILED("audit-failed", RefusalKind.REFUSED);

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
