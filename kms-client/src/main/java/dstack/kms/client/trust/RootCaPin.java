package dstack.kms.client.trust;

import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.refusal.RefusalException;

/**
 * The root CA that a KMS must have. Its key counts: the certificate may have been renewed since.
 *
 * @param certificate as it was given
 * @param key in it
 */
public record RootCaPin(ParsedCertificate certificate, P256PublicKey key) {
  /**
   * Reads one PEM certificate of a CA with a P-256 key.
   *
   * @throws RefusalException with {@link FetchRefusal#TRUST_MALFORMED} if it is anything else
   */
  public static RootCaPin ofPem(String pem) {
    try {
      ParsedCertificate certificate = ParsedCertificate.parse(Pem.decode(pem));
      P256PublicKey key =
          P256PublicKey.fromSubjectPublicKeyInfo(certificate.spki())
              .orElseThrow(() -> malformed("its key is no P-256 key"));
      if (!certificate.isCa()) {
        throw malformed("it is not that of a CA");
      }
      return new RootCaPin(certificate, key);
    } catch (RefusalException e) {
      throw e.code() == FetchRefusal.TRUST_MALFORMED ? e : malformed(e.text());
    }
  }

  private static RefusalException malformed(String why) {
    return FetchRefusal.TRUST_MALFORMED.because("the root CA certificate cannot be used: " + why);
  }
}
