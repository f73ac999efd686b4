package dstack.kms.attest.issuer;

import dstack.kms.attest.x509.SignedPath;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.attest.x509.ValidityWindow;
import dstack.kms.core.crypto.VerificationKey;
import java.util.List;

/**
 * An end-entity certificate with a valid path to the anchor, no certificate of which is revoked as
 * far as {@link #unchecked()} does not say otherwise. Only {@link ChainVerifier} makes one.
 */
public final class VerifiedChain {
  private final SignedPath path;
  private final ValidityWindow window;
  private final List<String> unchecked;

  VerifiedChain(SignedPath path, ValidityWindow window, List<String> unchecked) {
    this.path = path;
    this.window = window;
    this.unchecked = List.copyOf(unchecked);
  }

  /** The end-entity certificate. */
  public UnverifiedCertificate leaf() {
    return path.leaf();
  }

  /** The end entity's public key. */
  public VerificationKey key() {
    return path.key();
  }

  /** All certificates below the anchor, leaf first. */
  public List<UnverifiedCertificate> certificates() {
    return path.certificates();
  }

  /** The seconds in which every certificate of the path and every list used is in force. */
  public ValidityWindow window() {
    return window;
  }

  /** What was left out, one sentence each; empty under {@link RevocationRule#REQUIRED}. */
  public List<String> unchecked() {
    return unchecked;
  }
}
