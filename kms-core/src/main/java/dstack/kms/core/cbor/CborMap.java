package dstack.kms.core.cbor;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A map in the order in which it was written; no key stands there twice. */
public record CborMap(Map<CborValue, CborValue> entries) implements CborValue {
  public CborMap {
    entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  /** The value under a text key. */
  public Optional<CborValue> get(String key) {
    return Optional.ofNullable(entries.get(new Text(key)));
  }

  /** The value under an integer key. */
  public Optional<CborValue> get(long key) {
    return Optional.ofNullable(entries.get(new Int(key)));
  }

  /** The value under a text key, or a refusal: {@code missing field `key`}. */
  public CborValue require(String key) {
    return get(key)
        .orElseThrow(() -> CborRefusal.MISSING_FIELD.because("missing field `" + key + "`"));
  }
}
