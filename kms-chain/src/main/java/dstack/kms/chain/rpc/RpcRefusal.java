package dstack.kms.chain.rpc;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why an endpoint's answer counts for nothing. */
public enum RpcRefusal implements RefusalCode {
  /** No connection, or one that broke before a complete answer. */
  UNREACHABLE("chain-unreachable"),
  /** No complete answer in time. */
  DEADLINE("chain-deadline"),
  /** Another HTTP status than 200; redirects are not followed. */
  HTTP_STATUS("chain-http-status"),
  /** An answer longer than the limit. */
  TOO_LARGE("chain-answer-too-large"),
  /** Not one JSON text of JSON-RPC 2.0. */
  MALFORMED("chain-answer-malformed"),
  /** An answer to something else than what was asked, too few answers, or too many. */
  MISMATCH("chain-answer-mismatch"),
  /** The endpoint answered with an error. */
  ERROR("chain-rpc-error"),
  /** A result of another form than the method's. */
  RESULT("chain-result-malformed");

  private final String code;

  RpcRefusal(String code) {
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
