package dstack.kms.attest.x509;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.RefusalException;
import java.time.Instant;
import java.util.List;

/**
 * Finds and checks the path from a certificate to one anchor, where every certificate below the
 * anchor needs a revocation list that speaks for it (specification 11 §7).
 *
 * <p>Each certificate's revocation is checked right after its signature, from the anchor down, so
 * that no list and no key is used before its own signature holds. Stricter than the original:
 * keyCertSign is asked of intermediates and lists must have begun.
 */
public final class PathValidator {
  private final PathSearch.Settings settings;
  private final PathSearch.LinkCheck revocation;

  /** A validator at one instant against one anchor and one set of revocation lists. */
  public PathValidator(
      TrustAnchor anchor,
      PathRules rules,
      RevocationLists lists,
      SignatureVerifier verifier,
      Instant now) {
    this.settings = new PathSearch.Settings(anchor, rules, verifier, now);
    this.revocation = (certificate, issuer) -> lists.requireUnrevoked(certificate, issuer, now);
  }

  /**
   * Checks the leaf with whatever of the other certificates is needed for a path.
   *
   * @param others DER of certificates in any order; the anchor among them is harmless
   * @throws RefusalException with the reason of the first path that failed
   */
  public VerifiedCertificate verify(UnverifiedCertificate leaf, List<Bytes> others) {
    return new VerifiedCertificate(
        new PathSearch(settings, revocation, others).fromEndEntity(leaf));
  }

  /**
   * Checks an authority's certificate that is itself the first of a list.
   *
   * @throws RefusalException with the reason of the first path that failed
   */
  public VerifiedCertificate verifyAuthority(UnverifiedCertificate authority, List<Bytes> others) {
    return new VerifiedCertificate(
        new PathSearch(settings, revocation, others).fromAuthority(authority));
  }
}
