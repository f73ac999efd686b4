package dstack.kms.attest.x509;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.VerificationKey;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/**
 * A root certificate that is trusted because the operator or this program says so. Its own dates,
 * key usage and signature are not looked at.
 */
public final class TrustAnchor {
  private final UnverifiedCertificate certificate;
  private final VerificationKey key;

  private TrustAnchor(UnverifiedCertificate certificate, VerificationKey key) {
    this.certificate = certificate;
    this.key = key;
  }

  /**
   * The anchor of that certificate.
   *
   * @throws RefusalException {@link PathRefusal#USAGE} if it is no CA, {@link
   *     PathRefusal#UNSUPPORTED} if its key is of no kind that signatures are verified with
   */
  public static TrustAnchor of(UnverifiedCertificate certificate) {
    if (!certificate.isCa()) {
      throw new RefusalException(PathRefusal.USAGE, "EndEntityUsedAsCa");
    }
    return new TrustAnchor(certificate, VerifiedCertificate.keyOf(certificate));
  }

  /**
   * The anchor of the one certificate in the text, with nothing but white space around it.
   *
   * @throws RefusalException {@link PathRefusal#MALFORMED} if there is none or more than one, and
   *     as {@link #of}
   */
  public static TrustAnchor ofPem(String pem) {
    List<Bytes> certificates = PemChain.split(pem);
    if (certificates.size() != 1) {
      throw new RefusalException(
          PathRefusal.MALFORMED, "expected one certificate, got " + certificates.size());
    }
    return of(UnverifiedCertificate.parse(certificates.getFirst()));
  }

  /** The root certificate. */
  public UnverifiedCertificate certificate() {
    return certificate;
  }

  /** The root's public key. */
  public VerificationKey key() {
    return key;
  }
}
