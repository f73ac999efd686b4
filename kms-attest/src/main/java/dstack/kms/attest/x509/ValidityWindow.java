package dstack.kms.attest.x509;

import java.time.Instant;

/**
 * The seconds in which a checked fact holds, both ends inclusive, in Unix seconds.
 *
 * <p>A fact that was checked once may be used again at any second of its window and must be checked
 * from the start at every other.
 */
public record ValidityWindow(long from, long to) {
  /** Every second. */
  public static final ValidityWindow ALWAYS = new ValidityWindow(Long.MIN_VALUE, Long.MAX_VALUE);

  /** The window between two instants, both inclusive; fractions of a second are dropped. */
  public static ValidityWindow between(Instant from, Instant to) {
    return new ValidityWindow(from.getEpochSecond(), to.getEpochSecond());
  }

  /** Whether the instant lies inside. */
  public boolean contains(Instant now) {
    return from <= now.getEpochSecond() && now.getEpochSecond() <= to;
  }

  /** The seconds that lie in both windows; may be none. */
  public ValidityWindow and(ValidityWindow other) {
    return new ValidityWindow(Math.max(from, other.from), Math.min(to, other.to));
  }

  /** The first second. */
  public Instant firstInstant() {
    return Instant.ofEpochSecond(from);
  }

  /** The last second. */
  public Instant lastInstant() {
    return Instant.ofEpochSecond(to);
  }
}
