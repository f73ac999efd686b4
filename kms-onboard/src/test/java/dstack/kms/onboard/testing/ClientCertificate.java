package dstack.kms.onboard.testing;

import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.source.QuoteSource;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.core.secret.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * A client certificate and its key in files, as curl takes them.
 *
 * @param certificate PEM
 * @param key PEM
 */
public record ClientCertificate(Path certificate, Path key) {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** One with evidence that the source makes for its key. */
  public static ClientCertificate attested(Path folder, QuoteSource source) throws IOException {
    try (P256PrivateKey key = P256PrivateKey.generate(RANDOM)) {
      Bytes spki = key.publicKey().subjectPublicKeyInfo();
      return write(folder, key, source.attest(ReportData.ofCertificateKey(spki)));
    }
  }

  /** One with good evidence that is over another key. */
  public static ClientCertificate withBorrowedEvidence(Path folder, QuoteSource source)
      throws IOException {
    try (P256PrivateKey key = P256PrivateKey.generate(RANDOM);
        P256PrivateKey other = P256PrivateKey.generate(RANDOM)) {
      Bytes spki = other.publicKey().subjectPublicKeyInfo();
      return write(folder, key, source.attest(ReportData.ofCertificateKey(spki)));
    }
  }

  /** One without evidence: the node's own temp CA certificate would do, and so does a root CA. */
  public static ClientCertificate withoutEvidence(Path folder) throws IOException {
    try (P256PrivateKey key = P256PrivateKey.generate(RANDOM)) {
      Certificates certificates = new Certificates(InstantSource.system());
      return files(folder, certificates.tempCa(key).pem(), key);
    }
  }

  private static ClientCertificate write(Path folder, P256PrivateKey key, Bytes evidence)
      throws IOException {
    Certificates certificates = new Certificates(InstantSource.system());
    try (P256PrivateKey anyCa = P256PrivateKey.generate(RANDOM)) {
      Bytes stripped = UnverifiedAttestation.decode(evidence).stripped().encode();
      return files(
          folder,
          certificates.tempClient(certificates.tempCa(anyCa), key.publicKey(), stripped),
          key);
    }
  }

  private static ClientCertificate files(Path folder, String certificate, P256PrivateKey key)
      throws IOException {
    Path directory = Files.createTempDirectory(folder, "client");
    try (Secret pem = key.pkcs8Pem()) {
      return new ClientCertificate(
          Files.writeString(directory.resolve("client.crt"), certificate),
          Files.writeString(
              directory.resolve("client.key"),
              pem.expose(raw -> new String(raw, StandardCharsets.US_ASCII))));
    }
  }
}
