package dstack.kms.rpc.kms;

import dstack.kms.core.authority.Decision;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Asks the authority again where what came after its answer took long: an image may be downloaded
 * for minutes, and what was revoked meanwhile must not be released.
 */
final class FreshDecision {
  private static final Duration LONGEST = Duration.ofSeconds(3);

  private final LongSupplier nanoseconds;

  /** A rule on that monotonic clock. */
  FreshDecision(LongSupplier nanoseconds) {
    this.nanoseconds = nanoseconds;
  }

  /**
   * The decision after that work.
   *
   * @param ask for the permission, or refuses
   * @param work comes after the first answer
   */
  Decision.Allowed after(Supplier<Decision.Allowed> ask, Runnable work) {
    Decision.Allowed first = ask.get();
    long answered = nanoseconds.getAsLong();
    work.run();
    boolean isOld = nanoseconds.getAsLong() - answered > LONGEST.toNanos();
    return isOld ? ask.get() : first;
  }
}
