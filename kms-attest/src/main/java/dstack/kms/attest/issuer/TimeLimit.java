package dstack.kms.attest.issuer;

import java.net.SocketTimeoutException;
import java.time.Duration;

/** The end of the time that all steps of one fetch may take together, on the monotonic clock. */
record TimeLimit(long end) {
  static TimeLimit in(Duration duration) {
    return new TimeLimit(System.nanoTime() + duration.toNanos());
  }

  /** What is left, at least zero. */
  long nanos() {
    return Math.max(0, end - System.nanoTime());
  }

  /** What is left for one wait of a socket: at least one, as zero would mean for ever. */
  int requireMillis() throws SocketTimeoutException {
    long nanos = nanos();
    if (nanos == 0) {
      throw new SocketTimeoutException("the whole time is over");
    }
    return (int) Math.max(1, nanos / 1_000_000);
  }
}
