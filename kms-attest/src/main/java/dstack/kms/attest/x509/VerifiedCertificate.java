package dstack.kms.attest.x509;

import dstack.kms.core.crypto.P256PublicKey;

/**
 * An end-entity certificate with a valid, unrevoked path to the anchor. Only {@link PathValidator}
 * makes one; it holds within {@link #window()}.
 */
public final class VerifiedCertificate {
  private final UnverifiedCertificate certificate;
  private final P256PublicKey key;
  private final ValidityWindow window;

  VerifiedCertificate(UnverifiedCertificate certificate, P256PublicKey key, ValidityWindow window) {
    this.certificate = certificate;
    this.key = key;
    this.window = window;
  }

  /** The certificate itself. */
  public UnverifiedCertificate certificate() {
    return certificate;
  }

  /** Its public key. */
  public P256PublicKey key() {
    return key;
  }

  /** The seconds in which every certificate and list of the path is in force. */
  public ValidityWindow window() {
    return window;
  }
}
