package dstack.kms.attest.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.forged.Certs;
import dstack.kms.attest.x509.PathRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keys a TPM quote can be verified with. */
class AkCertificateTest {
  private static final String CONTEXT = "failed to extract AK public key from certificate: ";

  @Test
  void takesKeysOfBothKinds() throws GeneralSecurityException {
    assertThat(parse(Certs.leaf("a", "b").spki).scheme()).isEqualTo(SignatureScheme.ECDSA);
    for (int bits : List.of(2048, 3072)) {
      assertThat(parse(rsa(bits)).scheme()).isEqualTo(SignatureScheme.RSASSA);
    }
  }

  @Test
  void refusesKeysThatTpmQuotesAreNotVerifiedWith() throws GeneralSecurityException {
    for (Bytes key : List.of(rsa(1024), curve("secp384r1"), curve("secp521r1"), ed25519())) {
      assertRefused(
          Certs.leaf("a", "b"), key, GcpRefusal.AK_KEY, "unsupported public key algorithm");
    }
  }

  @Test
  void refusesAPointThatIsNotOnTheCurve() {
    Bytes key = Certs.leaf("a", "b").spki;
    assertRefused(
        Certs.leaf("a", "b"),
        GcpData.xor(key, key.length() - 1, 1),
        GcpRefusal.AK_KEY,
        "unsupported public key algorithm");
  }

  @Test
  void refusesACertificateWithACriticalExtensionThatNobodyUnderstands() {
    Certs certificate =
        Certs.leaf("a", "b").with(new ASN1ObjectIdentifier("1.2.3.4"), true, Bytes.fromHex("0500"));
    assertRefused(
        certificate, certificate.spki, PathRefusal.UNSUPPORTED, "UnsupportedCriticalExtension");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "30", "3000", "00", "0500", "3080020100000000"})
  void refusesWhatIsNoCertificate(String der) {
    assertThatThrownBy(() -> AkCertificate.parse(Bytes.fromHex(der)))
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith(CONTEXT);
  }

  @Test
  void refusesBytesAfterTheCertificate() {
    Bytes der = Certs.leaf("a", "b").der();
    assertThatThrownBy(() -> AkCertificate.parse(Bytes.concat(der, Bytes.zeros(1))))
        .hasMessage(CONTEXT + "BadDer");
  }

  private static AkCertificate parse(Bytes key) {
    Certs certificate = Certs.leaf("a", "b");
    certificate.spki = key;
    return AkCertificate.parse(certificate.der());
  }

  private static void assertRefused(Certs certificate, Bytes key, RefusalCode code, String text) {
    certificate.spki = key;
    assertThatThrownBy(() -> AkCertificate.parse(certificate.der()))
        .isInstanceOfSatisfying(RefusalException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessage(CONTEXT + text);
  }

  private static Bytes rsa(int bits) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    return Bytes.of(generator.generateKeyPair().getPublic().getEncoded());
  }

  private static Bytes curve(String name) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(name));
    return Bytes.of(generator.generateKeyPair().getPublic().getEncoded());
  }

  private static Bytes ed25519() throws GeneralSecurityException {
    return Bytes.of(
        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic().getEncoded());
  }
}
