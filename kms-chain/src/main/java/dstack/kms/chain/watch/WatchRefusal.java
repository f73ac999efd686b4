package dstack.kms.chain.watch;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why contracts are not followed any further. */
public enum WatchRefusal implements RefusalCode {
  /** The state file is of another chain or of other contracts, or is none. */
  STATE("watch-state", RefusalKind.REFUSED),
  /** The endpoint's events do not fit the blocks that were asked for. */
  EVENTS("watch-events", RefusalKind.UNAVAILABLE);

  private final String code;
  private final RefusalKind kind;

  WatchRefusal(String code, RefusalKind kind) {
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

  RefusalException because(String text) {
    return new RefusalException(this, text);
  }
}
