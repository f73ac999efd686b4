package dstack.kms.rpc.metrics;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * When something that should grow was seen to change last. It is looked at whenever metrics are
 * read, so the time is that of the first reading with the new value.
 */
public final class Advance {
  private final Supplier<Optional<Long>> source;
  private final InstantSource clock;
  private Optional<Long> seen = Optional.empty();
  private Optional<Instant> changed = Optional.empty();

  /**
   * @param source what should grow; asked at each reading, must not block
   */
  public Advance(Supplier<Optional<Long>> source, InstantSource clock) {
    this.source = source;
    this.clock = clock;
  }

  /**
   * Adds two gauges: the value, NaN while there is none, and when it changed, NaN until there was
   * one. What is lost goes on ageing.
   */
  public void showIn(
      NodeMetrics metrics, String value, String valueHelp, String moment, String momentHelp) {
    metrics.gauge(value, valueHelp, () -> look().map(Long::doubleValue).orElse(Double.NaN));
    metrics.gauge(
        moment,
        momentHelp,
        () -> {
          var _ = look();
          return changedAt().map(at -> (double) at.getEpochSecond()).orElse(Double.NaN);
        });
  }

  private synchronized Optional<Long> look() {
    Optional<Long> now = source.get();
    if (now.isPresent() && !now.equals(seen)) {
      seen = now;
      changed = Optional.of(clock.instant());
    }
    return now;
  }

  private synchronized Optional<Instant> changedAt() {
    return changed;
  }
}
