package dstack.kms.chain.authority;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why the chain decided nothing although there is a block to decide at. */
public enum DecisionRefusal implements RefusalCode {
  /** The contract, or the app's that it asks, reverted. */
  REVERTED("chain-call-reverted"),
  /** The call ended otherwise than by a revert, as one that burns more gas than it has. */
  FAILED("chain-call-failed"),
  /** No endpoint that may be asked has the view's blocks any more, or none answered. */
  NO_ANSWER("chain-no-answer"),
  /** Endpoints answered the same question at the same block differently. */
  DIVERGED("chain-answers-differ"),
  /** Fewer endpoints than must agree gave an answer. */
  TOO_FEW("chain-quorum-missed");

  private final String code;

  DecisionRefusal(String code) {
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
