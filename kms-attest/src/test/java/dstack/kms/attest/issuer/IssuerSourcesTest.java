package dstack.kms.attest.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.forged.Certs;
import dstack.kms.attest.forged.Crls;
import dstack.kms.attest.x509.DistinguishedName;
import dstack.kms.attest.x509.RevocationList;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetched, given and no documents. */
class IssuerSourcesTest {
  private static final DistinguishedName ISSUER =
      UnverifiedCertificate.parse(Certs.authority("issuer", "root").der()).subject();
  private static final DistinguishedName NOBODY =
      UnverifiedCertificate.parse(Certs.authority("nobody", "root").der()).subject();

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private volatile Bytes served = Bytes.EMPTY;
  private volatile boolean down;
  private final LoopbackServer server =
      new LoopbackServer(
          (request, out) -> {
            if (!down) {
              out.write(LoopbackServer.ok(served.toArray()));
            }
          });
  private final BoundedFetch fetch =
      new BoundedFetch(
          HostPatterns.google(), Reach.PUBLIC_AND_LOOPBACK, BoundedFetch.Limits.DEFAULT);
  private final FetchedIssuerDocuments documents = new FetchedIssuerDocuments(fetch, () -> now);
  private final String uri = server.uri("/list");

  @AfterEach
  void close() {
    fetch.close();
    server.close();
  }

  private Bytes list(Duration age, Duration life) {
    Crls list = Crls.of("issuer");
    list.thisUpdate = now.minus(age);
    list.nextUpdate = now.plus(life);
    return list.der();
  }

  private RevocationList ask() {
    return documents.revocationList(uri, ISSUER).orElseThrow();
  }

  private void serve(Duration age, Duration life) {
    served = list(age, life);
  }

  @Test
  void keepsAuthenticListsUntilTheirEnd() {
    serve(Duration.ofHours(1), Duration.ofHours(2));
    RevocationList first = ask();
    documents.authentic(uri, first);

    now = now.plus(Duration.ofHours(2)).minusSeconds(1);
    assertThat(ask()).isSameAs(first);
    documents.authentic(uri, first);
    assertThat(server.requests()).hasSize(1);
    now = now.plusSeconds(1);
    assertThat(ask()).isNotSameAs(first);
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void asksForAFreshListAfterADayAndUseDoesNotProlong() {
    serve(Duration.ofHours(1), Duration.ofDays(90));
    RevocationList first = ask();
    documents.authentic(uri, first);
    now = now.plus(Duration.ofHours(23));
    documents.authentic(uri, ask());
    assertThat(server.requests()).hasSize(1);

    now = now.plus(Duration.ofHours(1));
    assertThat(ask()).isNotSameAs(first);
  }

  @Test
  void outlivesAnOutageWithTheKeptListUntilItsOwnEnd() {
    serve(Duration.ofHours(1), Duration.ofDays(9));
    RevocationList first = ask();
    documents.authentic(uri, first);
    down = true;
    now = now.plus(Duration.ofHours(24));

    assertThat(ask()).isSameAs(first);
    documents.authentic(uri, first);
    assertThat(server.requests()).hasSize(2);
    now = now.plus(Duration.ofMinutes(5)).minusSeconds(1);
    assertThat(ask()).isSameAs(first);
    assertThat(server.requests()).hasSize(2);
    now = now.plusSeconds(1);
    assertThat(ask()).isSameAs(first);
    assertThat(server.requests()).hasSize(3);

    now = first.nextUpdate().minusSeconds(1);
    assertThat(ask()).isSameAs(first);
    now = first.nextUpdate();
    assertThatThrownBy(this::ask)
        .isInstanceOfSatisfying(
            RefusalException.class,
            refusal -> assertThat(refusal.code()).isEqualTo(IssuerRefusal.UNAVAILABLE));
  }

  @Test
  void takesTheFreshListAsSoonAsTheOutageIsOver() {
    serve(Duration.ofHours(1), Duration.ofDays(9));
    RevocationList first = ask();
    documents.authentic(uri, first);
    down = true;
    now = now.plus(Duration.ofHours(25));
    assertThat(ask()).isSameAs(first);

    down = false;
    serve(Duration.ofHours(1), Duration.ofDays(9));
    now = now.plus(Duration.ofMinutes(5));
    RevocationList fresh = ask();
    assertThat(fresh.thisUpdate()).isAfter(first.thisUpdate());
    documents.authentic(uri, fresh);
    now = now.plus(Duration.ofHours(24)).minusSeconds(1);
    assertThat(ask()).isSameAs(fresh);
  }

  @Test
  void neitherGarbageNorAnOlderListTakesThePlaceOfTheKeptOne() {
    serve(Duration.ofHours(1), Duration.ofDays(9));
    RevocationList first = ask();
    documents.authentic(uri, first);
    now = now.plus(Duration.ofHours(24));
    served = Bytes.utf8("<html>sign in first</html>");
    assertThat(ask()).isSameAs(first);

    now = now.plus(Duration.ofMinutes(5));
    serve(Duration.ofDays(3), Duration.ofDays(30));
    assertThat(ask()).isSameAs(first);
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void outlivesAnOutageWithTheKeptCertificate() {
    served = Certs.authority("issuer", "root").der();
    documents.authentic(uri, documents.certificate(uri, ISSUER));
    down = true;
    now = now.plus(Duration.ofDays(30));
    documents.authentic(uri, documents.certificate(uri, ISSUER));
    documents.authentic(uri, documents.certificate(uri, ISSUER));
    assertThat(server.requests()).hasSize(2);

    down = false;
    now = now.plus(Duration.ofMinutes(5));
    documents.authentic(uri, documents.certificate(uri, ISSUER));
    documents.authentic(uri, documents.certificate(uri, ISSUER));
    assertThat(server.requests()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 40, -1})
  void whatIsNoCertificateIsUnavailable(int length) {
    Bytes whole = Certs.authority("issuer", "root").der();
    served = length < 0 ? whole.slice(0, whole.length() - 1) : whole.slice(0, length);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> documents.certificate(uri, ISSUER))
          .isInstanceOfSatisfying(
              RefusalException.class,
              refusal -> assertThat(refusal.code()).isEqualTo(IssuerRefusal.UNAVAILABLE))
          .hasMessage("what an issuer serves is no certificate");
    }
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void keepsNothingThatNobodyFoundAuthentic() {
    serve(Duration.ofHours(1), Duration.ofDays(1));
    assertThat(ask()).isNotSameAs(ask());
    String certificate = server.uri("/certificate");
    served = Certs.authority("issuer", "root").der();
    assertThat(documents.certificate(certificate, ISSUER)).isEqualTo(served);
    assertThat(documents.certificate(certificate, ISSUER)).isEqualTo(served);

    assertThat(server.requests()).hasSize(4);
  }

  @Test
  void keepsAuthenticCertificatesForADay() {
    served = Certs.authority("issuer", "root").der();
    documents.authentic(uri, documents.certificate(uri, ISSUER));
    now = now.plus(Duration.ofHours(24)).minusSeconds(1);
    documents.authentic(uri, documents.certificate(uri, ISSUER));
    assertThat(server.requests()).hasSize(1);

    now = now.plusSeconds(1);
    assertThat(documents.certificate(uri, ISSUER)).isEqualTo(served);
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void refusesAListOlderThanOneThatWasAuthentic() {
    serve(Duration.ofHours(1), Duration.ofHours(2));
    documents.authentic(uri, ask());
    Instant newer = now.minus(Duration.ofHours(1));
    now = now.plus(Duration.ofHours(3));

    served = list(Duration.between(newer.minusSeconds(1), now), Duration.ofHours(1));
    assertThatThrownBy(this::ask)
        .isInstanceOfSatisfying(
            RefusalException.class,
            refusal -> assertThat(refusal.code()).isEqualTo(IssuerRefusal.ROLLED_BACK));
    now = now.plusSeconds(10);
    served = list(Duration.between(newer, now), Duration.ofHours(1));
    assertThat(ask().thisUpdate()).isEqualTo(newer);
  }

  @Test
  void anUnauthenticNewListDoesNotShutOutTheTrueOne() {
    serve(Duration.ofHours(-5), Duration.ofDays(1));
    assertThat(ask().thisUpdate()).isAfter(now);
    serve(Duration.ofHours(1), Duration.ofDays(1));

    assertThat(ask().thisUpdate()).isBefore(now);
  }

  @Test
  void failuresAreNotRepeatedForTenSeconds() {
    down = true;
    assertThatThrownBy(this::ask).hasMessage("an issuer's document cannot be fetched");
    now = now.plusSeconds(9);
    assertThatThrownBy(this::ask).hasMessage("an issuer's document cannot be fetched");
    assertThat(server.requests()).hasSize(1);

    down = false;
    serve(Duration.ofHours(1), Duration.ofHours(2));
    now = now.plusSeconds(1);
    assertThat(ask()).isNotNull();
  }

  @Test
  void whatIsNoListIsUnavailable() {
    served = Bytes.utf8("<html>sign in first</html>");
    assertThatThrownBy(this::ask)
        .isInstanceOfSatisfying(
            RefusalException.class,
            refusal -> assertThat(refusal.code()).isEqualTo(IssuerRefusal.UNAVAILABLE))
        .hasMessage("what an issuer serves is no revocation list");
  }

  @Test
  void t25_addressesOfOthersAreRefusedEachTime() {
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> documents.revocationList("http://169.254.169.254/", ISSUER))
          .isInstanceOfSatisfying(
              RefusalException.class,
              refusal -> assertThat(refusal.code()).isEqualTo(IssuerRefusal.ADDRESS));
    }
  }

  private static Bytes pem(String label, Bytes der) {
    return Bytes.utf8(
        "-----BEGIN "
            + label
            + "-----\n"
            + Base64.getMimeEncoder().encodeToString(der.toArray())
            + "\n-----END "
            + label
            + "-----\n");
  }

  @Test
  void givenDocumentsAreFoundByName() {
    Bytes certificate = Certs.authority("issuer", "root").der();
    Bytes older = list(Duration.ofHours(2), Duration.ofHours(1));
    Bytes newer = list(Duration.ofHours(1), Duration.ofHours(1));
    for (List<Bytes> files :
        List.of(
            List.of(certificate, older, newer),
            List.of(
                pem("CERTIFICATE", certificate),
                Bytes.concat(pem("X509 CRL", newer), pem("X509 CRL", older))))) {
      GivenIssuerDocuments given = new GivenIssuerDocuments(files);

      assertThat(given.certificate("anywhere", ISSUER)).isEqualTo(certificate);
      assertThat(given.revocationList("anywhere", ISSUER).orElseThrow().thisUpdate())
          .isEqualTo(now.minus(Duration.ofHours(1)));
      assertThat(given.revocationList("anywhere", NOBODY)).isEmpty();
      assertThatThrownBy(() -> given.certificate("anywhere", NOBODY))
          .hasMessage("the issuer's certificate is not among the given ones");
    }
  }

  @Test
  void givenFilesMustBeCertificatesOrLists() {
    for (Bytes bad :
        List.of(
            Bytes.EMPTY,
            Bytes.utf8("text"),
            Bytes.fromHex("3000"),
            pem("CERTIFICATE", Bytes.fromHex("3000")),
            pem("PRIVATE KEY", Certs.authority("issuer", "root").der()))) {
      assertThatThrownBy(() -> new GivenIssuerDocuments(List.of(bad)))
          .isInstanceOfSatisfying(
              RefusalException.class,
              refusal -> assertThat(refusal.code()).isEqualTo(IssuerRefusal.MALFORMED));
    }
  }

  @Test
  void noDocumentsAreNoDocuments() {
    NoIssuerDocuments none = new NoIssuerDocuments();
    assertThat(none.revocationList(uri, ISSUER)).isEmpty();
    assertThatThrownBy(() -> none.certificate(uri, ISSUER)).isInstanceOf(RefusalException.class);
  }
}
