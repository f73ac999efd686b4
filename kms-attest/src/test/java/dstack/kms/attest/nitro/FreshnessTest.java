package dstack.kms.attest.nitro;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both limits of a document's age, to the millisecond. */
final class FreshnessTest {
  private static final Instant NOW = NitroVectors.PROD_MADE;

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 3_599_999, 3_600_000, -1, -299_999, -300_000})
  void takesDocumentsWithinTheWindow(long age) {
    Freshness.require(NOW.minusMillis(age), NOW);
  }

  @ParameterizedTest
  @CsvSource({
    "3600001, attestation document is stale: 3600.001s old (max 3600s)",
    "3601000, attestation document is stale: 3601s old (max 3600s)",
    "86400000, attestation document is stale: 86400s old (max 3600s)",
    "-300001, attestation document timestamp is in the future by 300.001s",
    "-301000, attestation document timestamp is in the future by 301s",
    "-86400000, attestation document timestamp is in the future by 86400s"
  })
  void refusesDocumentsOutsideOfIt(long age, String text) {
    assertThat(Refusals.of(() -> Freshness.require(NOW.minusMillis(age), NOW))).hasMessage(text);
  }

  @Test
  void refusesTheEndsOfTime() {
    assertThat(Refusals.of(() -> Freshness.require(Instant.EPOCH, NOW)).code())
        .isEqualTo(NitroRefusal.STALE);
    Instant last = Instant.ofEpochMilli(Long.MAX_VALUE);
    assertThat(Refusals.of(() -> Freshness.require(last, NOW)).code())
        .isEqualTo(NitroRefusal.FUTURE);
    assertThat(Refusals.of(() -> Freshness.require(last, Instant.MIN)).code())
        .isEqualTo(NitroRefusal.FUTURE);
  }
}
