package dstack.kms.attest.x509;

import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.VerificationKey;
import dstack.kms.core.refusal.RefusalException;

/**
 * A certificate with a valid, unrevoked path to the anchor. Only {@link PathValidator} makes one;
 * it holds within {@link #window()}.
 */
public final class VerifiedCertificate {
  private final UnverifiedCertificate certificate;
  private final VerificationKey key;
  private final ValidityWindow window;

  VerifiedCertificate(SignedPath path) {
    this.certificate = path.leaf();
    this.key = path.key();
    this.window = path.window();
  }

  /** The certificate itself. */
  public UnverifiedCertificate certificate() {
    return certificate;
  }

  /** Its public key. */
  public VerificationKey key() {
    return key;
  }

  /**
   * Its public key, which must be on P-256.
   *
   * @throws RefusalException {@link PathRefusal#UNSUPPORTED}
   */
  public P256PublicKey p256Key() {
    if (key instanceof P256PublicKey point) {
      return point;
    }
    throw unsupportedKey();
  }

  /** The seconds in which every certificate and list of the path is in force. */
  public ValidityWindow window() {
    return window;
  }

  /** The certificate's key, if it is of a kind that signatures are verified with. */
  static VerificationKey keyOf(UnverifiedCertificate certificate) {
    return certificate.key().orElseThrow(VerifiedCertificate::unsupportedKey);
  }

  static RefusalException unsupportedKey() {
    return new RefusalException(
        PathRefusal.UNSUPPORTED, "UnsupportedSignatureAlgorithmForPublicKey");
  }
}
