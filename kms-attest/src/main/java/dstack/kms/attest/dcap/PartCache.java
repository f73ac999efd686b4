package dstack.kms.attest.dcap;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dstack.kms.attest.x509.ValidityWindow;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Keeps checked parts by their content for as long as their checks hold.
 *
 * <p>A part is only handed out inside its window. Outside it is checked again from the start, so
 * that the refusal is the same as without the cache; refusals are not kept.
 */
final class PartCache<K, V> {
  private final Cache<K, V> parts;
  private final Function<V, ValidityWindow> window;

  PartCache(int capacity, Function<V, ValidityWindow> window) {
    this.parts = Caffeine.newBuilder().maximumSize(capacity).executor(Runnable::run).build();
    this.window = window;
  }

  V get(K key, Instant now, Supplier<V> check) {
    V known = parts.getIfPresent(key);
    if (known != null && window.apply(known).contains(now)) {
      return known;
    }
    V checked = check.get();
    parts.put(key, checked);
    return checked;
  }
}
