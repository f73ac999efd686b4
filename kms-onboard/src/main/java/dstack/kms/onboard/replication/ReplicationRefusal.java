package dstack.kms.onboard.replication;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why no keys are taken over from a source. */
public enum ReplicationRefusal implements RefusalCode {
  /** Not part of this version. */
  UNAVAILABLE("replication-unavailable", RefusalKind.REFUSED);

  private final String code;
  private final RefusalKind kind;

  ReplicationRefusal(String code, RefusalKind kind) {
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
