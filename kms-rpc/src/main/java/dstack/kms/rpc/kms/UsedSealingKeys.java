package dstack.kms.rpc.kms;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The keys that answers were sealed to within a day, the last {@value #CAPACITY} of them: a
 * recorded request is answered once (ADR 0019).
 *
 * <p>Only keys of guests that may have their keys get in, so that nobody else can push others out.
 * They are those of this process: other nodes and the next start know nothing of them.
 */
final class UsedSealingKeys {
  /** The most keys to remember, of 32 bytes each. */
  static final int CAPACITY = 65_536;

  /** How long each is remembered. */
  static final Duration AGE = Duration.ofDays(1);

  private final LongSupplier nanos;

  // Guarded by this: virtual threads ask. The oldest comes first; values are when it was used.
  private final Map<Bytes, Long> used = new LinkedHashMap<>();

  /**
   * @param nanos a clock that never goes back, as {@link System#nanoTime}
   */
  UsedSealingKeys(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Refuses a key that was used, before its evidence costs anything. */
  synchronized void requireFresh(Bytes publicKey) {
    forgetTheOld();
    if (used.containsKey(publicKey)) {
      throw new RefusalException(
          KmsRefusal.SEALING_KEY_USED,
          "an answer was sealed to this public_key before: make a fresh key, and evidence over it,"
              + " for every request");
    }
  }

  /** Uses a key up; of several at once only the first succeeds. */
  synchronized void use(Bytes publicKey) {
    requireFresh(publicKey);
    used.put(publicKey, nanos.getAsLong());
    if (used.size() > CAPACITY) {
      used.remove(used.keySet().iterator().next());
    }
  }

  private void forgetTheOld() {
    long now = nanos.getAsLong();
    Iterator<Long> times = used.values().iterator();
    while (times.hasNext() && now - times.next() >= AGE.toNanos()) {
      times.remove();
    }
  }
}
