package dstack.kms.cli.status;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why nothing can be said about a server. */
enum StatusRefusal implements RefusalCode {
  /** Nobody answered in time. */
  UNREACHABLE("status-unreachable"),
  /** Who answered is no operations listener. */
  MALFORMED("status-malformed-answer");

  private final String code;

  StatusRefusal(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public RefusalKind kind() {
    return RefusalKind.UNAVAILABLE;
  }
}
