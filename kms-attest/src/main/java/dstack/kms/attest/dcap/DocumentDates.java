package dstack.kms.attest.dcap;

import dstack.kms.attest.x509.ValidityWindow;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * When a signed document was issued and until when it is in force, both inclusive.
 *
 * @param issueDate fractions of a second are dropped
 * @param nextUpdate fractions of a second are dropped
 */
record DocumentDates(Instant issueDate, Instant nextUpdate) {
  private static final Pattern RFC_3339 =
      Pattern.compile(
          "\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2})");

  /** The words with which one of the two documents refuses. */
  record Texts(String name, String title, DcapRefusal malformed, DcapRefusal notInForce) {}

  static DocumentDates require(String issueDate, String nextUpdate, Texts texts, Instant now) {
    Instant issued =
        parse(issueDate)
            .orElseThrow(
                () -> texts.malformed.refuse("Failed to parse " + texts.name + " issue date"));
    Instant next =
        parse(nextUpdate)
            .orElseThrow(
                () -> texts.malformed.refuse("Failed to parse " + texts.name + " next update"));
    if (now.getEpochSecond() < issued.getEpochSecond()) {
      throw texts.notInForce.refuse(texts.title + " issue date is in the future");
    }
    if (now.getEpochSecond() > next.getEpochSecond()) {
      throw texts.notInForce.refuse(texts.title + " expired");
    }
    return new DocumentDates(
        Instant.ofEpochSecond(issued.getEpochSecond()),
        Instant.ofEpochSecond(next.getEpochSecond()));
  }

  private static Optional<Instant> parse(String text) {
    if (!RFC_3339.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      Instant instant = OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)).toInstant();
      return instant.getEpochSecond() < 0 ? Optional.empty() : Optional.of(instant);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  ValidityWindow window() {
    return ValidityWindow.between(issueDate, nextUpdate);
  }
}
