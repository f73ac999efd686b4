package dstack.kms.rpc.limit;

import dstack.kms.core.config.Rate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A token bucket for each key: {@code rate.count()} at once, refilled evenly over its period.
 *
 * <p>It remembers a bounded number of keys and forgets the one that was asked for longest ago,
 * whose bucket then is full again. Whoever can ask under ever new keys is held by a limit that does
 * not depend on a key.
 */
final class TokenBuckets<K> {
  private final double most;
  private final double perNano;
  private final LongSupplier nanos;

  // Guarded by this: event loops and virtual threads ask.
  private final Map<K, Bucket> buckets;

  private record Bucket(double tokens, long at) {}

  /**
   * @param capacity the most keys to remember
   * @param nanos a clock that never goes back, as {@link System#nanoTime}
   */
  TokenBuckets(Rate rate, int capacity, LongSupplier nanos) {
    this.most = rate.count();
    this.perNano = (double) rate.count() / rate.per().toNanos();
    this.nanos = nanos;
    this.buckets =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, Bucket> eldest) {
            return size() > capacity;
          }
        };
  }

  /** Takes one token; if there is none, how long until there is one. */
  synchronized Optional<Duration> take(K key) {
    long now = nanos.getAsLong();
    Bucket known = buckets.getOrDefault(key, new Bucket(most, now));
    double tokens = Math.min(most, known.tokens + (now - known.at) * perNano);
    if (tokens < 1) {
      buckets.put(key, new Bucket(tokens, now));
      return Optional.of(Duration.ofNanos((long) Math.ceil((1 - tokens) / perNano)));
    }
    buckets.put(key, new Bucket(tokens - 1, now));
    return Optional.empty();
  }

  /** How many keys it remembers. */
  synchronized int size() {
    return buckets.size();
  }
}
