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
  void keepsAuthenticListsNoLongerThanADayAndUseDoesNotProlong() {
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
