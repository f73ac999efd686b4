package dstack.kms.chain.policy;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why the policy contract is not asked, or its answer not understood. */
public enum PolicyRefusal implements RefusalCode {
  /** A field of the boot info has another width than the contract's (T-13). */
  WIDTH("chain-boot-info-width", RefusalKind.REFUSED),
  /** A field that an allow-list is asked about is absent or zero. */
  ABSENT("chain-boot-info-absent", RefusalKind.REFUSED),
  /** The contract's answer is not in its one encoding. */
  ENCODING("chain-answer-encoding", RefusalKind.UNAVAILABLE),
  /** A text in the contract's answer is longer than anything an honest contract says. */
  TEXT_LENGTH("chain-answer-text-length", RefusalKind.UNAVAILABLE);

  private final String code;
  private final RefusalKind kind;

  PolicyRefusal(String code, RefusalKind kind) {
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
