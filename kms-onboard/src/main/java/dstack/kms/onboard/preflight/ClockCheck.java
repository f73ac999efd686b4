package dstack.kms.onboard.preflight;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Whether the clock can be right. A host that sets it back keeps ended collateral good, one that
 * sets it forward keeps good collateral from being used.
 */
final class ClockCheck {
  /** This program did not exist before. */
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

  private static final Duration LONGEST_LIFE = Duration.ofDays(36_500);

  private ClockCheck() {}

  static Found<Instant> look(Instant now) {
    Instant shown = now.truncatedTo(ChronoUnit.SECONDS);
    if (now.isBefore(FIRST) || now.isAfter(FIRST.plus(LONGEST_LIFE))) {
      return new Found.Bad<>(
          "no: it says " + shown,
          Advice.of("Set the clock of this machine, or its time service, and start it again."));
    }
    return new Found.Good<>(now, "it says " + shown);
  }
}
