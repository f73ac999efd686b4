package dstack.kms.chain.head;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why there is no block to decide at. */
public enum HeadRefusal implements RefusalCode {
  /** Too few endpoints are there, or a light client still catches up: nothing is decided yet. */
  NOT_READY("chain-not-ready"),
  /** An endpoint serves another chain than the configured one. */
  WRONG_CHAIN("chain-wrong-id"),
  /** There is no policy contract at the configured address. */
  NO_CONTRACT("chain-no-contract"),
  /** The newest block is too old, or of the future. */
  STALE("chain-head-stale"),
  /** Endpoints know different blocks at the same height. */
  DISAGREE("chain-heads-differ");

  private final String code;

  HeadRefusal(String code) {
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
