package dstack.kms.chain.transaction;

import java.time.Duration;

/**
 * How long and how often a chain is asked (specification 22 §8).
 *
 * @param confirmations blocks that a transaction must be deep in the chain, its own included
 * @param looks how often a receipt is looked for
 * @param between time between two looks
 * @param tries how often anything that an endpoint may know late is asked or sent again
 * @param backOff time before the first further try; it grows by itself with each
 */
public record Patience(
    int confirmations, int looks, Duration between, int tries, Duration backOff) {
  /** One confirmation, five minutes, five tries after 2, 4, 6 and 8 seconds. */
  public static final Patience USUAL =
      new Patience(1, 150, Duration.ofSeconds(2), 5, Duration.ofSeconds(2));

  /** Refuses to wait for nothing. */
  public Patience {
    if (confirmations < 1 || looks < 1 || tries < 1) {
      throw new IllegalArgumentException("at least one confirmation, look and try");
    }
  }

  /** The same with so many confirmations within so much time. */
  public Patience with(int otherConfirmations, Duration time) {
    int otherLooks = Math.toIntExact(Math.max(1, time.dividedBy(between)));
    return new Patience(otherConfirmations, otherLooks, between, tries, backOff);
  }

  Duration beforeTry(int number) {
    return backOff.multipliedBy(number);
  }
}
