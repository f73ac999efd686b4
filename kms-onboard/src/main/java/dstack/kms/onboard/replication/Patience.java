package dstack.kms.onboard.replication;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.progress.Progress;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Tries something again while it is refused for a reason that passes by itself, for a bounded time
 * and with pauses.
 */
final class Patience {
  private static final Duration PAUSE = Duration.ofSeconds(3);

  private final Duration longest;
  private final Waiting waiting;

  /** Patience of this length; none if it is zero. */
  Patience(Duration longest, Waiting waiting) {
    this.longest = longest;
    this.waiting = waiting;
  }

  /**
   * The result of the first attempt that succeeds.
   *
   * @param passing whether a refusal is one that may pass
   * @throws RefusalException the first that does not, or the last when the time is over
   */
  <T> T attempt(Supplier<T> step, Predicate<RefusalException> passing, Progress progress) {
    long begin = waiting.now();
    for (int attempt = 1; ; attempt++) {
      try {
        return step.get();
      } catch (RefusalException e) {
        Duration left = longest.minusNanos(waiting.now() - begin);
        if (left.isNegative() || left.isZero() || !passing.test(e)) {
          throw e;
        }
        progress.says(
            "attempt "
                + attempt
                + " was refused, trying again for "
                + Math.max(1, left.toSeconds())
                + " s more: "
                + e.text());
        pause(left.compareTo(PAUSE) < 0 ? left : PAUSE, e);
      }
    }
  }

  private void pause(Duration length, RefusalException last) {
    try {
      waiting.pause(length);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new RefusalException(
          ReplicationRefusal.GIVEN_UP, "given up while waiting for the source: " + last.text());
    }
  }
}
