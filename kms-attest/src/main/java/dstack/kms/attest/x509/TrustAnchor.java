package dstack.kms.attest.x509;

import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.refusal.RefusalException;

/**
 * A root certificate that is trusted because the operator or this program says so. Its own dates,
 * key usage and signature are not looked at.
 */
public final class TrustAnchor {
  private final UnverifiedCertificate certificate;
  private final P256PublicKey key;

  private TrustAnchor(UnverifiedCertificate certificate, P256PublicKey key) {
    this.certificate = certificate;
    this.key = key;
  }

  /**
   * The anchor of that certificate.
   *
   * @throws RefusalException {@link PathRefusal#USAGE} if it is no CA, {@link
   *     PathRefusal#UNSUPPORTED} if its key is no P-256 key
   */
  public static TrustAnchor of(UnverifiedCertificate certificate) {
    if (!certificate.purposes().isCa()) {
      throw new RefusalException(PathRefusal.USAGE, "EndEntityUsedAsCa");
    }
    return new TrustAnchor(
        certificate,
        certificate
            .key()
            .orElseThrow(
                () ->
                    new RefusalException(
                        PathRefusal.UNSUPPORTED, "UnsupportedSignatureAlgorithmForPublicKey")));
  }

  /** The root certificate. */
  public UnverifiedCertificate certificate() {
    return certificate;
  }

  P256PublicKey key() {
    return key;
  }
}
