package dstack.kms.core.certificate;

import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.refusal.RefusalException;
import java.time.Instant;

/**
 * A CA certificate together with its private key, proven to belong to each other.
 *
 * <p>It issues under the name in its certificate, byte for byte. The key stays its owner's: closing
 * it is not this type's business.
 */
public final class CertificateAuthority {
  private final String pem;
  private final ParsedCertificate certificate;
  private final P256PrivateKey key;

  private CertificateAuthority(String pem, ParsedCertificate certificate, P256PrivateKey key) {
    this.pem = pem;
    this.certificate = certificate;
    this.key = key;
  }

  /**
   * The authority of this certificate and key. Refuses a certificate whose key is another ({@code
   * CA certificate does not match private key}) and one that is no CA certificate.
   */
  public static CertificateAuthority of(String certificatePem, P256PrivateKey key) {
    ParsedCertificate certificate;
    try {
      certificate = ParsedCertificate.parse(Pem.decode(certificatePem));
    } catch (RefusalException e) {
      throw e.within("Failed to parse cert");
    }
    if (!certificate.spki().equals(key.publicKey().subjectPublicKeyInfo())) {
      throw new RefusalException(
          CertificateRefusal.CA_KEY_MISMATCH, "CA certificate does not match private key");
    }
    if (!certificate.isCa()) {
      throw new RefusalException(
          CertificateRefusal.CA_NOT_USABLE, "the certificate is not that of a CA");
    }
    return new CertificateAuthority(certificatePem, certificate, key);
  }

  /** The text of the certificate, exactly as it was given. */
  public String pem() {
    return pem;
  }

  /** The certificate. */
  public ParsedCertificate certificate() {
    return certificate;
  }

  /** The first second of its validity. */
  Instant notBefore() {
    return certificate.notBefore();
  }

  /** The last second of its validity. */
  Instant notAfter() {
    return certificate.notAfter();
  }

  /** Signs what the template says and returns it as PEM. */
  String issue(CertificateTemplate template) {
    return Pem.encode(
        CertificateSigner.sign(template, CertificateSigner.decode(certificate.subject()), key));
  }
}
