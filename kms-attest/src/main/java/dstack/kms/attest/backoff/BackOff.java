package dstack.kms.attest.backoff;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.time.Instant;

/**
 * Remembers for a while what could not be had, so that nobody asks for it again: at most 4096 of
 * them. Safe for use by many threads.
 *
 * @param <K> what is asked for
 */
public final class BackOff<K> {
  private static final int CAPACITY = 4096;

  private final Duration duration;
  private final Cache<K, Failure> failures =
      Caffeine.newBuilder().maximumSize(CAPACITY).executor(Runnable::run).build();

  /**
   * @param duration how long a failure is remembered
   */
  public BackOff(Duration duration) {
    this.duration = duration;
  }

  private record Failure(RefusalException refusal, Instant at) {}

  /** Repeats the refusal if that failed a short while ago. */
  public void requireNone(K key, Instant now) {
    Failure failure = failures.getIfPresent(key);
    if (failure != null && !now.isBefore(failure.at) && now.isBefore(failure.at.plus(duration))) {
      throw failure.refusal;
    }
  }

  /** It failed now. */
  public void failed(K key, RefusalException refusal, Instant now) {
    failures.put(key, new Failure(refusal, now));
  }

  /** It can be had again. */
  public void succeeded(K key) {
    failures.invalidate(key);
  }
}
