package dstack.kms.attest.snp;

import dstack.kms.attest.x509.PemChain;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads certificates that are PEM if they begin so, and DER otherwise. */
final class CertificateText {
  private static final Bytes BEGIN = Bytes.utf8("-----BEGIN CERTIFICATE-----");

  private CertificateText() {}

  /** The DER of the one certificate. */
  static Bytes der(Bytes pemOrDer) {
    if (!isPem(pemOrDer)) {
      return pemOrDer;
    }
    List<Bytes> certificates = all(pemOrDer);
    if (certificates.size() != 1) {
      throw SnpRefusal.CERTIFICATES.because("expected one certificate, got " + certificates.size());
    }
    return certificates.getFirst();
  }

  /** The DER of every certificate of a PEM text. */
  static List<Bytes> all(Bytes pem) {
    return PemChain.split(new String(pem.toArray(), StandardCharsets.ISO_8859_1));
  }

  /** The certificate; {@code failed to parse amd NAME certificate: …} if it is none. */
  static UnverifiedCertificate parse(Bytes pemOrDer, String name) {
    try {
      return UnverifiedCertificate.parse(der(pemOrDer));
    } catch (RefusalException e) {
      throw e.within("failed to parse amd " + name + " certificate");
    }
  }

  private static boolean isPem(Bytes bytes) {
    return bytes.length() >= BEGIN.length() && bytes.slice(0, BEGIN.length()).equals(BEGIN);
  }
}
