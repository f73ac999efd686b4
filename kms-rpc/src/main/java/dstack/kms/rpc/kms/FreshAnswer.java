package dstack.kms.rpc.kms;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A permission that the authority gave, asked for again where what came after took long: an image
 * may be downloaded for minutes, and what was revoked meanwhile, the application or this very node,
 * must not be released (T-20, T-34). Of one request; used by one thread after the other.
 *
 * @param <T> what the permission says
 */
final class FreshAnswer<T> {
  private static final Duration LONGEST = Duration.ofSeconds(3);

  private final Supplier<T> ask;
  private final LongSupplier nanoseconds;
  private T answer;
  private long since;

  private FreshAnswer(Supplier<T> ask, LongSupplier nanoseconds, T answer) {
    this.ask = ask;
    this.nanoseconds = nanoseconds;
    this.answer = answer;
    since = nanoseconds.getAsLong();
  }

  /**
   * Asks now.
   *
   * @param ask for the permission, or refuses; asked again later
   * @param nanoseconds a clock that never goes back, as {@link System#nanoTime}
   */
  static <T> FreshAnswer<T> of(Supplier<T> ask, LongSupplier nanoseconds) {
    return new FreshAnswer<>(ask, nanoseconds, ask.get());
  }

  /** The permission, answered now or at most three seconds ago. */
  T current() {
    if (nanoseconds.getAsLong() - since > LONGEST.toNanos()) {
      answer = ask.get();
      since = nanoseconds.getAsLong();
    }
    return answer;
  }
}
