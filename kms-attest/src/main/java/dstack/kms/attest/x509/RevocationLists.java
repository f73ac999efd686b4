package dstack.kms.attest.x509;

import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.RefusalException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

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
    return requireUnrevoked(anchor.certificate(), anchor.key(), Optional.empty(), now);
  }

  /**
   * Refuses unless the certificate is known not to be revoked now.
   *
   * @param issuer the issuer's purposes; empty for the anchor, of which cRLSign is not asked
   * @return the seconds for which the answer holds
   */
  ValidityWindow requireUnrevoked(
      UnverifiedCertificate certificate,
      P256PublicKey issuerKey,
      Optional<KeyPurposes> issuer,
      Instant now) {
    RevocationList list = listOf(certificate.issuer());
    requireAuthentic(list, issuerKey);
    requireInForce(list, now);
    if (issuer.isPresent() && !issuer.get().signsRevocationLists()) {
      throw new RefusalException(PathRefusal.REVOCATION_LIST_SIGNATURE, "IssuerNotCrlSigner");
    }
    if (list.lists(certificate.serial())) {
      throw new RefusalException(PathRefusal.REVOKED, "CertRevoked");
    }
    return list.validity();
  }

  /**
   * The list that this authority signed.
   *
   * @throws RefusalException if there is none, or it is not authentic or not in force
   */
  public RevocationList requireListOf(VerifiedCertificate authority, Instant now) {
    RevocationList list = listOf(authority.certificate().subject());
    requireAuthentic(list, authority.key());
    requireInForce(list, now);
    return list;
  }

  private RevocationList listOf(DistinguishedName issuer) {
    return lists.stream()
        .filter(candidate -> candidate.issuer().der().equals(issuer.der()))
        .findFirst()
        .orElseThrow(
            () -> new RefusalException(PathRefusal.REVOCATION_UNKNOWN, "UnknownRevocationStatus"));
  }

  private void requireAuthentic(RevocationList list, P256PublicKey issuerKey) {
    if (!list.signed().holdsUnder(issuerKey, verifier)) {
      throw new RefusalException(
          PathRefusal.REVOCATION_LIST_SIGNATURE, "InvalidCrlSignatureForPublicKey");
    }
  }

  private static void requireInForce(RevocationList list, Instant now) {
    if (now.getEpochSecond() >= list.nextUpdate().getEpochSecond()) {
      throw new RefusalException(PathRefusal.REVOCATION_LIST_NOT_IN_FORCE, "CrlExpired");
    }
    if (now.getEpochSecond() < list.thisUpdate().getEpochSecond()) {
      throw new RefusalException(PathRefusal.REVOCATION_LIST_NOT_IN_FORCE, "CrlNotValidYet");
    }
  }
}
