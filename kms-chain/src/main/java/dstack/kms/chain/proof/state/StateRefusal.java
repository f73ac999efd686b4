package dstack.kms.chain.proof.state;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why an answer does not prove what an account and its storage hold. */
public enum StateRefusal implements RefusalCode {
  /** Not an answer of the form of {@code eth_getProof}. */
  ANSWER_FORM("proof-answer-form", RefusalKind.UNAVAILABLE),
  /** The answer is about an account that was not asked for. */
  OTHER_ACCOUNT("proof-other-account", RefusalKind.REFUSED),
  /** The answer says something else about the account than its proof. */
  ACCOUNT_DIFFERS("proof-account-differs", RefusalKind.REFUSED),
  /** What stands in the trie is no account. */
  ACCOUNT_SHAPE("proof-account-shape", RefusalKind.REFUSED),
  /** The answer has other storage keys than those that were asked for. */
  SLOTS("proof-slots", RefusalKind.REFUSED),
  /** The answer says another value than its proof. */
  VALUE_DIFFERS("proof-value-differs", RefusalKind.REFUSED),
  /** What stands in the storage trie is no number of up to 32 bytes. */
  VALUE_SHAPE("proof-value-shape", RefusalKind.REFUSED);

  private final String code;
  private final RefusalKind kind;

  StateRefusal(String code, RefusalKind kind) {
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
