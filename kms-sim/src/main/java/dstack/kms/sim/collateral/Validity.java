package dstack.kms.sim.collateral;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * From when to when something signed counts.
 *
 * @param from issue date or this update, whole seconds
 * @param to next update, whole seconds
 */
public record Validity(Instant from, Instant to) {
  private static final Duration LENGTH = Duration.ofDays(30);
  private static final Duration BACKDATED = Duration.ofHours(1);

  /** Thirty days, begun an hour ago so that clocks may differ a little. */
  public static Validity around(Instant now) {
    Instant from = now.truncatedTo(ChronoUnit.SECONDS).minus(BACKDATED);
    return new Validity(from, from.plus(LENGTH));
  }

  /** Thirty days that ended a second before that time. */
  public static Validity endedBefore(Instant now) {
    Instant to = now.truncatedTo(ChronoUnit.SECONDS).minusSeconds(1);
    return new Validity(to.minus(LENGTH), to);
  }

  /** Thirty days that begin a second after that time. */
  public static Validity beginningAfter(Instant now) {
    Instant from = now.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    return new Validity(from, from.plus(LENGTH));
  }

  /** Whether at least half of it is still to come, and it has begun. */
  public boolean isFreshAt(Instant now) {
    return !now.isBefore(from) && now.isBefore(from.plus(LENGTH.dividedBy(2)));
  }
}
