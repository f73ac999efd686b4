package dstack.kms.attest.image.store;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** How downloads of images went, for metrics. Safe for use by many threads. */
public final class DownloadCounts {
  private final LongAdder done = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private volatile Optional<Instant> last = Optional.empty();

  void done(Instant now) {
    last = Optional.of(now);
    done.increment();
  }

  void failed() {
    failed.increment();
  }

  /** Images that were downloaded and found to be those that were asked for. */
  public long downloaded() {
    return done.sum();
  }

  /** Callers that were refused because a download failed. */
  public long failures() {
    return failed.sum();
  }

  /** When an image was downloaded last; empty if none was. */
  public Optional<Instant> last() {
    return last;
  }
}
