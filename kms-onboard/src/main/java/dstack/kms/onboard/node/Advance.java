package dstack.kms.onboard.node;

import dstack.kms.rpc.metrics.NodeMetrics;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * When something that should grow was seen to change last. It is looked at whenever metrics are
 * read, so the time is that of the first reading with the new value.
 */
final class Advance {
  private final Supplier<Optional<Long>> source;
  private final InstantSource clock;
  private Optional<Long> seen = Optional.empty();
  private Instant changed = Instant.EPOCH;

  Advance(Supplier<Optional<Long>> source, InstantSource clock) {
    this.source = source;
    this.clock = clock;
  }

  /** Adds two gauges: the value, and when it changed; both are NaN while there is none. */
  void showIn(
      NodeMetrics metrics, String value, String valueHelp, String moment, String momentHelp) {
    metrics.gauge(value, valueHelp, () -> look().map(Long::doubleValue).orElse(Double.NaN));
    metrics.gauge(
        moment,
        momentHelp,
        () -> look().isPresent() ? (double) changedAt().getEpochSecond() : Double.NaN);
  }

  private synchronized Optional<Long> look() {
    Optional<Long> now = source.get();
    if (!now.equals(seen)) {
      seen = now;
      changed = clock.instant();
    }
    return now;
  }

  private synchronized Instant changedAt() {
    return changed;
  }
}
