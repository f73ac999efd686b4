package dstack.kms.attest.collateral;

import dstack.kms.core.refusal.RefusalException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets collateral of one key from disk or from the first service that has good one, checks it and
 * keeps it. Collateral that is not good changes nothing that is kept.
 */
final class CollateralLoader {
  private static final Logger LOG = LoggerFactory.getLogger(CollateralLoader.class);

  private final CollateralSettings settings;
  private final CollateralFetch fetch;
  private final CollateralCheck check;
  private final KeptCollateral kept;
  private final Optional<CollateralFolder> folder;
  private final InstantSource clock;

  CollateralLoader(
      CollateralSettings settings,
      CollateralFetch fetch,
      CollateralCheck check,
      KeptCollateral kept,
      InstantSource clock) {
    this.settings = settings;
    this.fetch = fetch;
    this.check = check;
    this.kept = kept;
    this.folder = settings.folder().map(CollateralFolder::new);
    this.clock = clock;
  }

  /** Reads the key's file; what it holds is checked like everything else. */
  boolean readBack(CollateralKey key) {
    Optional<Collateral> found = folder.flatMap(files -> files.read(key));
    if (found.isEmpty()) {
      return false;
    }
    try {
      Instant now = clock.instant();
      CheckedCollateral checked = checked(key, found.get(), now);
      // Nobody knows how long it lay there, so it counts from its issue and is renewed soon.
      keep(key, checked, checked.issued().oldestDocument(), now);
      return true;
    } catch (RefusalException refusal) {
      LOG.info("collateral for {} on disk is not used: {}", key, refusal.text());
      return false;
    }
  }

  /**
   * Asks the services in their order.
   *
   * @throws RefusalException the first service's, if none has good collateral
   */
  void fetch(CollateralKey key) {
    Deadline deadline = Deadline.in(settings.totalDeadline());
    Optional<RefusalException> first = Optional.empty();
    int left = settings.endpoints().size();
    for (CollateralEndpoint endpoint : settings.endpoints()) {
      try {
        // One that hangs must leave time for those after it.
        Collateral collateral = fetch.fetch(endpoint, key, deadline.share(left--));
        Instant now = clock.instant();
        keep(key, checked(key, collateral, now), now, now);
        folder.ifPresent(files -> files.write(key, collateral));
        return;
      } catch (RefusalException refusal) {
        LOG.warn("no collateral for {} from {}: {}", key, endpoint.base(), refusal.text());
        first = first.or(() -> Optional.of(refusal));
      }
    }
    throw first.orElseThrow();
  }

  private void keep(CollateralKey key, CheckedCollateral checked, Instant since, Instant now) {
    if (kept.isTooOld(checked, now)) {
      throw new RefusalException(
          CollateralRefusal.TOO_OLD,
          "collateral was issued longer ago than the configured maximum age");
    }
    if (!kept.keep(key, checked, since)) {
      throw new RefusalException(
          CollateralRefusal.ROLLED_BACK, "collateral is older than what was seen before");
    }
  }

  /** What the check says of collateral is no word on the quote: nothing was decided about it. */
  private CheckedCollateral checked(CollateralKey key, Collateral collateral, Instant now) {
    try {
      return check.check(collateral, key, now);
    } catch (RefusalException refusal) {
      throw new RefusalException(
          CollateralRefusal.REJECTED,
          refusal.text(),
          refusal.code().code() + " " + refusal.detail());
    }
  }
}
