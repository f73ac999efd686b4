package dstack.kms.chain.rpc;

import java.time.Duration;

/** A point in time until which an answer is waited for; later exchanges get what is left of it. */
public final class Deadline {
  private final long end;

  private Deadline(long end) {
    this.end = end;
  }

  /** So long from now on. */
  public static Deadline in(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  /** This one, or that much from now on if it is sooner. */
  public Deadline atMost(Duration duration) {
    Deadline other = in(duration);
    return other.end - end < 0 ? other : this;
  }

  /** What is left, zero or negative when it has passed. */
  public Duration remaining() {
    return Duration.ofNanos(end - System.nanoTime());
  }

  /** Whether nothing is left. */
  public boolean hasPassed() {
    return !remaining().isPositive();
  }
}
