package dstack.kms.client.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.client.testing.TestPlatform;
import dstack.kms.client.testing.VectorApp;
import dstack.kms.core.certificate.CertificateAuthority;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import dstack.kms.rpc.proto.GetTempCaCertResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a KMS says about its certificate authorities, against the certificate that it showed. */
final class KmsIdentityTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final VectorApp app = new VectorApp();
  private final Certificates certificates = new Certificates(TestPlatform.CLOCK);
  private final P256PrivateKey temp = P256PrivateKey.generate(RANDOM);
  private final CertificateAuthority tempCa = certificates.tempCa(temp);

  private static String text(P256PrivateKey key) {
    try (Secret pem = key.pkcs8Pem()) {
      return pem.expose(raw -> new String(raw, StandardCharsets.US_ASCII));
    }
  }

  private ParsedCertificate serverUnder(CertificateAuthority issuer) {
    P256PrivateKey key = P256PrivateKey.generate(RANDOM);
    return ParsedCertificate.parse(
        Pem.decode(certificates.rpc(issuer, key.publicKey(), "kms.example", Optional.empty())));
  }

  private GetTempCaCertResponse.Builder said() {
    return GetTempCaCertResponse.newBuilder()
        .setTempCaCert(tempCa.pem())
        .setTempCaKey(text(temp))
        .setCaCert(app.rootCa().pem());
  }

  private KmsIdentity identity(ParsedCertificate server, GetTempCaCertResponse.Builder said) {
    return KmsIdentity.of(
        "https://kms.example/prpc",
        server,
        said.build(),
        app.k256(),
        SignatureVerifiers.named("auto"));
  }

  private void refuses(ParsedCertificate server, GetTempCaCertResponse.Builder said) {
    assertThatThrownBy(() -> identity(server, said))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> {
              assertThat(e.code()).as(e.text()).isEqualTo(FetchRefusal.KMS_IDENTITY);
              assertThat(e.text()).startsWith("the KMS contradicts itself: ");
            });
  }

  private CertificateAuthority stranger() {
    return certificates.rootCa(P256PrivateKey.generate(RANDOM));
  }

  @Test
  void isTakenWhereEverythingFitsTogether() {
    KmsIdentity kms = identity(serverUnder(app.rootCa()), said());
    assertThat(kms.rootCaPem()).isEqualTo(app.rootCa().pem());
    assertThat(kms.k256()).isEqualTo(app.k256());
    try (P256PrivateKey key = kms.tempCaKey()) {
      assertThat(key.publicKey()).isEqualTo(temp.publicKey());
    }
  }

  @Test
  void isNotThatOfAServerUnderAnotherRootEvenOfTheSameName() {
    refuses(serverUnder(stranger()), said());
    refuses(serverUnder(app.rootCa()), said().setCaCert(stranger().pem()));
  }

  /** T-18: what the temporary CA signed anybody can sign. */
  @Test
  void t18_isNotThatOfAServerUnderTheTemporaryCa() {
    refuses(serverUnder(tempCa), said());
  }

  @Test
  void t18_hasNoRootWhoseKeyIsPublic() {
    CertificateAuthority publicRoot = certificates.rootCa(temp);
    refuses(serverUnder(publicRoot), said().setCaCert(publicRoot.pem()));
  }

  @Test
  void hasATemporaryCaWithItsOwnKey() {
    refuses(serverUnder(app.rootCa()), said().setTempCaKey(text(P256PrivateKey.generate(RANDOM))));
    refuses(
        serverUnder(app.rootCa()),
        said().setTempCaCert(certificates.tempCa(P256PrivateKey.generate(RANDOM)).pem()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
      })
  void hasCertificatesAndAKeyAndNothingElse(String text) {
    refuses(serverUnder(app.rootCa()), said().setCaCert(text));
    refuses(serverUnder(app.rootCa()), said().setTempCaCert(text));
    refuses(serverUnder(app.rootCa()), said().setTempCaKey(text));
  }

  @Test
  void hasOneCertificateWhereOneIsExpected() {
    refuses(serverUnder(app.rootCa()), said().setCaCert(app.rootCa().pem() + stranger().pem()));
    refuses(serverUnder(app.rootCa()), said().setTempCaCert(tempCa.pem() + tempCa.pem()));
  }

  @Test
  void hasNoLeafForARoot() {
    P256PrivateKey key = P256PrivateKey.generate(RANDOM);
    String leaf = certificates.rpc(app.rootCa(), key.publicKey(), "kms.example", Optional.empty());
    refuses(serverUnder(app.rootCa()), said().setCaCert(leaf));
  }
}
