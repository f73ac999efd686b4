package dstack.kms.attest.collateral;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.time.Instant;

/** Remembers for a while which keys could not be fetched, so that nobody asks for them again. */
final class BackOff {
  private static final int CAPACITY = 4096;

  private final Duration duration;
  private final Cache<CollateralKey, Failure> failures =
      Caffeine.newBuilder().maximumSize(CAPACITY).executor(Runnable::run).build();

  BackOff(Duration duration) {
    this.duration = duration;
  }

  private record Failure(RefusalException refusal, Instant at) {}

  /** Repeats the refusal if the key failed a short while ago. */
  void requireNone(CollateralKey key, Instant now) {
    Failure failure = failures.getIfPresent(key);
    if (failure != null && !now.isBefore(failure.at) && now.isBefore(failure.at.plus(duration))) {
      throw failure.refusal;
    }
  }

  void failed(CollateralKey key, RefusalException refusal, Instant now) {
    failures.put(key, new Failure(refusal, now));
  }

  void succeeded(CollateralKey key) {
    failures.invalidate(key);
  }
}
