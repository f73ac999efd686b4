package dstack.kms.attest.x509;

import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.RefusalException;
import java.time.Instant;
import java.util.List;

/**
 * The revocation lists of one verification in their order. Silence is not consent: a certificate
 * for whose issuer there is no list is refused.
 */
public final class RevocationLists {
  private final List<RevocationList> lists;
  private final SignatureVerifier verifier;

  /** Lists of which the first with the right issuer decides. */
  public RevocationLists(List<RevocationList> lists, SignatureVerifier verifier) {
    this.lists = List.copyOf(lists);
    this.verifier = verifier;
  }

  /** Refuses unless the anchor's own certificate is known not to be revoked. */
  public ValidityWindow requireAnchorUnrevoked(TrustAnchor anchor, Instant now) {
    return requireUnrevoked(anchor.certificate(), Issuer.of(anchor), now);
  }

  /**
   * Refuses unless the certificate is known not to be revoked now.
   *
   * @return the seconds for which the answer holds
   */
  ValidityWindow requireUnrevoked(UnverifiedCertificate certificate, Issuer issuer, Instant now) {
    RevocationList list = listOf(certificate.issuer());
    return new RevocationCheck(verifier, now).require(list, certificate, issuer);
  }

  /**
   * The list that this authority signed.
   *
   * @throws RefusalException if there is none, or it is not authentic, not in force or not complete
   */
  public RevocationList requireListOf(VerifiedCertificate authority, Instant now) {
    RevocationList list = listOf(authority.certificate().subject());
    RevocationCheck check = new RevocationCheck(verifier, now);
    check.requireAuthentic(list, authority.key());
    check.requireInForce(list);
    if (list.isPartial()) {
      throw RevocationCheck.unknown();
    }
    return list;
  }

  private RevocationList listOf(DistinguishedName issuer) {
    return lists.stream()
        .filter(candidate -> candidate.issuer().der().equals(issuer.der()))
        .findFirst()
        .orElseThrow(RevocationCheck::unknown);
  }
}
