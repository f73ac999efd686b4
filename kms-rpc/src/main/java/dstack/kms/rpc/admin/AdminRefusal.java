package dstack.kms.rpc.admin;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why an operator's request or the listener's own configuration is refused. */
public enum AdminRefusal implements RefusalCode {
  HTPASSWD("admin-htpasswd", RefusalKind.INVALID),
  CACHE_KEY("cache-key", RefusalKind.REFUSED),
  CACHE_NOT_CLEARED("cache-not-cleared", RefusalKind.REFUSED);

  private final String code;
  private final RefusalKind kind;

  AdminRefusal(String code, RefusalKind kind) {
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
