package dstack.kms.attest.agent;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why the guest agent gave no usable answer. */
public enum AgentRefusal implements RefusalCode {
  /** The address is of no form that is understood, or of one that is not supported. */
  ADDRESS("agent-address", RefusalKind.INVALID),
  /** No connection, or it broke. */
  UNREACHABLE("agent-unreachable", RefusalKind.UNAVAILABLE),
  /** No complete answer within the deadline. */
  TIMEOUT("agent-timeout", RefusalKind.UNAVAILABLE),
  /** An answer with another status than 200. */
  STATUS("agent-status", RefusalKind.UNAVAILABLE),
  /** An answer that is not of the agreed form or too large. */
  MALFORMED_ANSWER("agent-malformed-answer", RefusalKind.UNAVAILABLE);

  private final String code;
  private final RefusalKind kind;

  AgentRefusal(String code, RefusalKind kind) {
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
