package dstack.kms.core.audit;

import java.io.IOException;

/** A directory did not take lines. */
final class SinkFailure extends IOException {
  private static final long serialVersionUID = 1L;

  /** Whether what was written can be taken back and written again. */
  private final boolean repeatable;

  SinkFailure(boolean repeatable, IOException cause) {
    super(cause.getMessage(), cause);
    this.repeatable = repeatable;
  }

  boolean repeatable() {
    return repeatable;
  }
}
