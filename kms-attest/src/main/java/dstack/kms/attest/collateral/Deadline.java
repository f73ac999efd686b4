package dstack.kms.attest.collateral;

import java.time.Duration;

/** The end of the time that all steps of one task may take together, on the monotonic clock. */
final class Deadline {
  private final long end;

  private Deadline(long end) {
    this.end = end;
  }

  static Deadline in(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  /** An earlier end: after one of so many equal shares of what is left. */
  Deadline share(int shares) {
    return new Deadline(System.nanoTime() + nanos() / shares);
  }

  /** What is left, at least zero. */
  long nanos() {
    return Math.max(0, end - System.nanoTime());
  }
}
