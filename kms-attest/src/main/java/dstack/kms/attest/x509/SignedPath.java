package dstack.kms.attest.x509;

import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.VerificationKey;
import java.time.Instant;
import java.util.List;

/**
 * A path from a certificate to the anchor whose dates, roles and signatures hold. Unless a {@link
 * PathValidator} made it, nothing is known of revocation yet.
 */
public final class SignedPath {
  private final List<Link> leafFirst;
  private final VerificationKey key;
  private final ValidityWindow window;

  /** One certificate and whoever signed it. */
  record Link(UnverifiedCertificate certificate, Issuer issuer) {}

  SignedPath(List<Link> leafFirst, ValidityWindow window) {
    this.leafFirst = List.copyOf(leafFirst);
    this.key = VerifiedCertificate.keyOf(leafFirst.getFirst().certificate());
    this.window = window;
  }

  /** The certificate that the path was sought for. */
  public UnverifiedCertificate leaf() {
    return leafFirst.getFirst().certificate();
  }

  /** The leaf's public key. */
  public VerificationKey key() {
    return key;
  }

  /** All certificates below the anchor, leaf first. */
  public List<UnverifiedCertificate> certificates() {
    return leafFirst.stream().map(Link::certificate).toList();
  }

  /** The seconds in which every certificate of the path is in force. */
  public ValidityWindow window() {
    return window;
  }

  /**
   * Refuses unless the list says that a certificate of this path is not revoked: issued by the
   * certificate's issuer, who may sign lists, in force, and without the certificate's number.
   *
   * @return the seconds for which the answer holds
   * @throws IllegalArgumentException if the certificate is not on this path
   */
  public ValidityWindow requireUnrevoked(
      UnverifiedCertificate member, RevocationList list, SignatureVerifier verifier, Instant now) {
    Link link =
        leafFirst.stream()
            .filter(candidate -> candidate.certificate() == member)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("not a certificate of this path"));
    return new RevocationCheck(verifier, now).require(list, member, link.issuer());
  }
}
