package dstack.kms.core.certificate;

import static dstack.kms.core.certificate.CertificateFixtures.ISSUER;
import static dstack.kms.core.certificate.CertificateFixtures.LEAF_KEY;
import static dstack.kms.core.certificate.CertificateFixtures.ROOT;
import static dstack.kms.core.certificate.CertificateFixtures.ROOT_KEY;
import static dstack.kms.core.certificate.CertificateFixtures.TEMP_KEY;
import static dstack.kms.core.certificate.CertificateFixtures.key;
import static dstack.kms.core.certificate.CertificateFixtures.parsed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {
  @TempDir Path folder;

  @Test
  void keepsTheTextOfTheCertificateAsItWasGiven() {
    String crlf = ROOT.pem().replace("\n", "\r\n");
    assertThat(CertificateAuthority.of(crlf, ROOT_KEY).pem()).isEqualTo(crlf);
  }

  @Test
  void refusesACertificateWithAnotherKey() {
    assertThatThrownBy(() -> CertificateAuthority.of(ROOT.pem(), TEMP_KEY))
        .hasMessage("CA certificate does not match private key");
  }

  @Test
  void refusesACertificateThatIsNoCa() {
    String leaf = ISSUER.rpc(ROOT, key("b7").publicKey(), "kms", Optional.empty());
    assertThatThrownBy(() -> CertificateAuthority.of(leaf, key("b7")))
        .hasMessage("the certificate is not that of a CA");
  }

  @Test
  void refusesTextThatIsNoCertificate() {
    assertThatThrownBy(() -> CertificateAuthority.of("", ROOT_KEY))
        .hasMessageStartingWith("Failed to parse cert: malformed PEM");
    assertThatThrownBy(() -> CertificateAuthority.of(Pem.encode(Bytes.zeros(9)), ROOT_KEY))
        .hasMessageStartingWith("Failed to parse cert: malformed certificate");
    assertThatThrownBy(() -> CertificateAuthority.of(ROOT.pem() + ROOT.pem(), ROOT_KEY))
        .hasMessageStartingWith("Failed to parse cert: malformed PEM");
  }

  /** A CA that somebody else made, with another name and string types. */
  @Test
  void issuesUnderTheExactNameOfAForeignCa() {
    Path keyFile = folder.resolve("ca.key");
    OpenSsl.run(
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-out",
        keyFile.toString());
    String ca =
        OpenSsl.run(
            "req",
            "-x509",
            "-new",
            "-key",
            keyFile.toString(),
            "-subj",
            "/C=DE/O=Other/CN=x y",
            "-days",
            "3650",
            "-addext",
            "keyUsage=critical,keyCertSign");
    try (var secret = dstack.kms.core.crypto.KeyVectors.secretText(read(keyFile));
        var key = dstack.kms.core.crypto.P256PrivateKey.fromPkcs8Pem(secret)) {
      CertificateAuthority authority = CertificateAuthority.of(ca, key);
      String leaf = ISSUER.rpc(authority, LEAF_KEY, "kms", Optional.empty());
      assertThat(parsed(leaf).issuer()).isEqualTo(parsed(ca).subject());
      Path root = OpenSsl.write(folder, "root.pem", ca);
      Path end = OpenSsl.write(folder, "leaf.pem", leaf);
      assertThat(
              OpenSsl.run("verify", "-no_check_time", "-CAfile", root.toString(), end.toString()))
          .contains("OK");
    }
  }

  private static String read(Path file) {
    try {
      return java.nio.file.Files.readString(file);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
