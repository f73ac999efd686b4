package dstack.kms.attest.agent;

import java.net.SocketTimeoutException;
import java.time.Duration;

/** A point of the machine's monotonic clock that an exchange must not outlive. */
record Deadline(long nanoTime) {
  static Deadline in(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  /** The earlier of this and that much from now. */
  Deadline atMost(Duration duration) {
    Deadline other = in(duration);
    return nanoTime - other.nanoTime <= 0 ? this : other;
  }

  /** Milliseconds that are left, at least 1. */
  long remainingMillis() throws SocketTimeoutException {
    long left = nanoTime - System.nanoTime();
    if (left <= 0) {
      throw new SocketTimeoutException("deadline passed");
    }
    return Math.max(1, Duration.ofNanos(left).toMillis());
  }
}
