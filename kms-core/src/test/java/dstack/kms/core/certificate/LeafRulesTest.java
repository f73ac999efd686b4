package dstack.kms.core.certificate;

import static dstack.kms.core.certificate.CertificateFixtures.APP_CA;
import static dstack.kms.core.certificate.CertificateFixtures.ISSUER;
import static dstack.kms.core.certificate.CertificateFixtures.NOW;
import static dstack.kms.core.certificate.CertificateFixtures.leaf;
import static dstack.kms.core.certificate.CertificateFixtures.parsed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Specification 00 §9, the row on SignCert. */
class LeafRulesTest {
  private static final Instant TEN_YEARS = Instant.parse("2036-03-01T05:06:07Z");
  private static final Instant FIRST = Instant.parse("1975-01-01T00:00:00Z");

  @Test
  void issuesUpToTheVeryLimitsOfTheValidity() {
    ParsedCertificate leaf = parsed(ISSUER.appLeaf(APP_CA, leaf(List.of(), FIRST, TEN_YEARS)));
    assertThat(leaf.notBefore()).isEqualTo(FIRST);
    assertThat(leaf.notAfter()).isEqualTo(TEN_YEARS);
  }

  @Test
  void refusesValidityBeyondTenYears() {
    refusesValidity(null, TEN_YEARS.plusSeconds(1));
    refusesValidity(null, Instant.parse("9999-12-31T23:59:59Z"));
  }

  @Test
  void refusesValidityBeforeThatOfTheCa() {
    refusesValidity(FIRST.minusSeconds(1), null);
    refusesValidity(Instant.EPOCH, null);
  }

  @Test
  void refusesValidityThatEndsBeforeItBegins() {
    refusesValidity(NOW, NOW.minusSeconds(1));
    refusesValidity(TEN_YEARS.plusSeconds(1), null);
  }

  @Test
  void endsWithItsCaWhenThatEndsEarlierAndRefusesMore() {
    Certificates later = new Certificates(InstantSource.fixed(NOW.plusSeconds(1000)));
    ParsedCertificate leaf = parsed(later.appLeaf(APP_CA, leaf(List.of(), null, null)));
    assertThat(leaf.notAfter()).isEqualTo(TEN_YEARS);
    assertThatThrownBy(() -> later.appLeaf(APP_CA, leaf(List.of(), null, TEN_YEARS.plusSeconds(1))))
        .isInstanceOf(RefusalException.class);
  }

  private static void refusesValidity(
      @org.jspecify.annotations.Nullable Instant from,
      @org.jspecify.annotations.Nullable Instant until) {
    assertThatThrownBy(() -> ISSUER.appLeaf(APP_CA, leaf(List.of(), from, until)))
        .isInstanceOf(RefusalException.class)
        .hasMessage("validity must lie within that of the CA and end within ten years");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "ä.example", "a\tb", "a\u0000", "\u007f", "a\nb", " a"})
  void refusesAltNamesThatAreNotPrintableAscii(String name) {
    refusesName(name);
  }

  @Test
  void issuesAltNamesOfUpTo253CharactersAndRefusesLongerOnes() {
    String longest = "a".repeat(253);
    assertThat(ISSUER.appLeaf(APP_CA, leaf(List.of(longest), null, null))).isNotEmpty();
    refusesName(longest + "a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*.example.com", "_acme.example", "a", "UPPER.example", "x/y?z"})
  void issuesAnyOtherPrintableName(String name) {
    assertThat(ISSUER.appLeaf(APP_CA, leaf(List.of(name), null, null))).isNotEmpty();
  }

  private static void refusesName(String name) {
    assertThatThrownBy(() -> ISSUER.appLeaf(APP_CA, leaf(List.of("ok", name), null, null)))
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith("subject alternative name must be");
  }

  @Test
  void t18_neverCertifiesAnApplicationAsKms() {
    ParsedCertificate leaf =
        parsed(ISSUER.appLeaf(APP_CA, leaf(List.of("kms.example.com"), null, null)));
    assertThat(new KmsExtensions(leaf).specialUsage()).contains("app:custom");
    assertThat(leaf.isCa()).isFalse();
  }
}
