package dstack.kms.attest.image.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.time.Instant;

/** Remembers for a while which images could not be had, so that nobody asks for them again. */
final class FailedDownloads {
  private static final int CAPACITY = 4096;

  private final Duration backOff;
  private final Cache<Bytes, Failure> failures =
      Caffeine.newBuilder().maximumSize(CAPACITY).executor(Runnable::run).build();

  FailedDownloads(Duration backOff) {
    this.backOff = backOff;
  }

  private record Failure(RefusalException refusal, Instant at) {}

  /** Repeats the refusal if the image failed a short while ago. */
  void requireNone(Bytes image, Instant now) {
    Failure failure = failures.getIfPresent(image);
    if (failure != null && !now.isBefore(failure.at) && now.isBefore(failure.at.plus(backOff))) {
      throw failure.refusal;
    }
  }

  void add(Bytes image, RefusalException refusal, Instant now) {
    failures.put(image, new Failure(refusal, now));
  }
}
