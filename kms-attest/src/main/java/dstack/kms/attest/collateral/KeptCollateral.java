package dstack.kms.attest.collateral;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Collateral that was checked, by key, and the newest issue dates seen of each key. Only what Intel
 * signed gets here, so the number of keys is the number of platform families that exist.
 */
final class KeptCollateral {
  private final Optional<Duration> maxAge;
  private final Map<CollateralKey, Entry> entries = new ConcurrentHashMap<>();

  KeptCollateral(Optional<Duration> maxAge) {
    this.maxAge = maxAge;
  }

  /** What is kept of one key, and since when. */
  record Entry(CollateralKey key, CheckedCollateral checked, Instant since) {}

  /** The entry, if every part of it may be used at this instant. */
  Optional<Entry> usable(CollateralKey key, Instant now) {
    return Optional.ofNullable(entries.get(key))
        .filter(entry -> entry.checked().window().contains(now))
        .filter(entry -> !isTooOld(entry.checked(), now));
  }

  boolean isTooOld(CheckedCollateral checked, Instant now) {
    return maxAge.isPresent() && checked.issued().oldestDocument().plus(maxAge.get()).isBefore(now);
  }

  /**
   * Keeps collateral unless one of its documents is older than the one kept before, in force or
   * not: then it is a replay.
   *
   * @return whether it was kept
   */
  boolean keep(CollateralKey key, CheckedCollateral checked, Instant since) {
    AtomicBoolean replay = new AtomicBoolean();
    entries.merge(
        key,
        new Entry(key, checked, since),
        (known, candidate) -> {
          replay.set(isReplay(known, candidate));
          return replay.get() ? known : candidate;
        });
    return !replay.get();
  }

  private static boolean isReplay(Entry known, Entry candidate) {
    CheckedCollateral.Issued before = known.checked().issued();
    CheckedCollateral.Issued after = candidate.checked().issued();
    return after.tcbInfo().isBefore(before.tcbInfo())
        || after.qeIdentity().isBefore(before.qeIdentity())
        || after.rootCaCrl().isBefore(before.rootCaCrl())
        || after.pckCrl().isBefore(before.pckCrl());
  }

  /** All entries, usable or not. */
  Collection<Entry> all() {
    return entries.values();
  }
}
