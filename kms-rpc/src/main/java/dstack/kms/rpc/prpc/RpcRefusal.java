package dstack.kms.rpc.prpc;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why a request was refused before any service looked at it. */
public enum RpcRefusal implements RefusalCode {
  SERVICE_NOT_FOUND("rpc-service-not-found", RefusalKind.INVALID),
  POST_ONLY("rpc-post-only", RefusalKind.INVALID),
  BAD_INPUT("rpc-bad-input", RefusalKind.INVALID),
  PAYLOAD_TOO_LARGE("rpc-payload-too-large", RefusalKind.INVALID),
  /** A browser sent a request to the admin listener for a page of another origin. */
  FOREIGN_ORIGIN("rpc-foreign-origin", RefusalKind.REFUSED);

  private final String code;
  private final RefusalKind kind;

  RpcRefusal(String code, RefusalKind kind) {
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
