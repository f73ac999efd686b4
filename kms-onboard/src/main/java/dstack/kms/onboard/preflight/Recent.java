package dstack.kms.onboard.preflight;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that costs something to find out and is therefore found out again only after a while,
 * however many ask. Whoever asks while it is being found out gets the last one.
 *
 * @param <T> immutable
 */
public final class Recent<T> implements Supplier<T> {
  private final Supplier<T> question;
  private final Duration kept;
  private final InstantSource clock;

  /** Held by the one who finds out. */
  private final ReentrantLock asking = new ReentrantLock();

  private volatile @Nullable Known<T> known;

  private record Known<T>(T value, Instant since) {}

  /**
   * @param question finds out; whatever it throws is passed on and nothing is kept then
   * @param kept how long an answer is good
   * @param clock tells how old an answer is
   */
  public Recent(Supplier<T> question, Duration kept, InstantSource clock) {
    this.question = question;
    this.kept = kept;
    this.clock = clock;
  }

  @Override
  public T get() {
    Known<T> last = known;
    if (last != null && (isFresh(last) || asking.isLocked())) {
      return last.value();
    }
    asking.lock();
    try {
      Known<T> meanwhile = known;
      return meanwhile != null && isFresh(meanwhile) ? meanwhile.value() : ask();
    } finally {
      asking.unlock();
    }
  }

  /** The last answer, however old, without asking. */
  public Optional<T> last() {
    Known<T> last = known;
    return last == null ? Optional.empty() : Optional.of(last.value());
  }

  private T ask() {
    T value = question.get();
    known = new Known<>(value, clock.instant());
    return value;
  }

  /** A clock that was set back must not keep an answer until it has caught up. */
  private boolean isFresh(Known<T> last) {
    Instant now = clock.instant();
    return !now.isBefore(last.since()) && now.isBefore(last.since().plus(kept));
  }
}
