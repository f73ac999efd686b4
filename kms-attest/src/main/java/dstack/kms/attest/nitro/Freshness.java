package dstack.kms.attest.nitro;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/** How old a document may be (specification 15 §2, step 6); both limits themselves pass. */
final class Freshness {
  private static final Duration MAX_AGE = Duration.ofHours(1);
  private static final Duration MAX_AHEAD = Duration.ofMinutes(5);

  private Freshness() {}

  static void require(Instant madeAt, Instant now) {
    Duration age = Duration.between(madeAt, now);
    if (age.compareTo(MAX_AGE) > 0) {
      throw NitroRefusal.STALE.because(
          "attestation document is stale: " + seconds(age) + " old (max 3600s)");
    }
    if (age.negated().compareTo(MAX_AHEAD) > 0) {
      throw NitroRefusal.FUTURE.because(
          "attestation document timestamp is in the future by " + seconds(age.negated()));
    }
  }

  private static String seconds(Duration length) {
    BigDecimal exact =
        BigDecimal.valueOf(length.getSeconds()).add(BigDecimal.valueOf(length.getNano(), 9));
    return exact.stripTrailingZeros().toPlainString() + "s";
  }
}
