package dstack.kms.attest.snp;

import java.time.Duration;

/** The end of the time that all questions for one report may take, on the monotonic clock. */
public final class KdsDeadline {
  private final long end;

  private KdsDeadline(long end) {
    this.end = end;
  }

  /** The deadline that lies so far in the future. */
  public static KdsDeadline in(Duration duration) {
    return new KdsDeadline(System.nanoTime() + duration.toNanos());
  }

  /** What is left in nanoseconds, at least zero. */
  public long nanos() {
    return Math.max(0, end - System.nanoTime());
  }
}
