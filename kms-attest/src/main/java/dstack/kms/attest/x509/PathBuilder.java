package dstack.kms.attest.x509;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.RefusalException;
import java.time.Instant;
import java.util.List;

/**
 * Finds and checks the path from a certificate to one anchor without a word about revocation: the
 * first half of a verification that may only ask for lists once signatures hold.
 */
public final class PathBuilder {
  private final PathSearch.Settings settings;

  /** A builder at one instant against one anchor. */
  public PathBuilder(TrustAnchor anchor, PathRules rules, SignatureVerifier verifier, Instant now) {
    this.settings = new PathSearch.Settings(anchor, rules, verifier, now);
  }

  /**
   * Checks the leaf with whatever of the other certificates is needed for a path.
   *
   * @param others DER of certificates in any order; the anchor among them is harmless
   * @throws RefusalException with the reason of the first path that failed
   */
  public SignedPath build(UnverifiedCertificate leaf, List<Bytes> others) {
    return new PathSearch(settings, PathSearch.LinkCheck.NONE, others).fromEndEntity(leaf);
  }
}
