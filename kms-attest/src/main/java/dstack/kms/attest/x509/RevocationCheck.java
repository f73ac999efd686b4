package dstack.kms.attest.x509;

import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.VerificationKey;
import dstack.kms.core.refusal.RefusalException;
import java.time.Instant;

/** What one revocation list says of one certificate at one instant. */
record RevocationCheck(SignatureVerifier verifier, Instant now) {
  /** Refuses unless the list is the issuer's, in force, and does not list the certificate. */
  ValidityWindow require(RevocationList list, UnverifiedCertificate certificate, Issuer issuer) {
    if (!list.issuer().der().equals(certificate.issuer().der()) || !list.covers(certificate)) {
      throw unknown();
    }
    requireAuthentic(list, issuer.key());
    requireInForce(list);
    if (!issuer.maySignRevocationLists()) {
      throw new RefusalException(PathRefusal.REVOCATION_LIST_SIGNATURE, "IssuerNotCrlSigner");
    }
    if (list.lists(certificate.serial())) {
      throw new RefusalException(PathRefusal.REVOKED, "CertRevoked");
    }
    return list.validity();
  }

  void requireAuthentic(RevocationList list, VerificationKey issuerKey) {
    if (!list.signed().holdsUnder(issuerKey, verifier)) {
      throw new RefusalException(
          PathRefusal.REVOCATION_LIST_SIGNATURE, "InvalidCrlSignatureForPublicKey");
    }
  }

  void requireInForce(RevocationList list) {
    if (now.getEpochSecond() >= list.nextUpdate().getEpochSecond()) {
      throw new RefusalException(PathRefusal.REVOCATION_LIST_NOT_IN_FORCE, "CrlExpired");
    }
    if (now.getEpochSecond() < list.thisUpdate().getEpochSecond()) {
      throw new RefusalException(PathRefusal.REVOCATION_LIST_NOT_IN_FORCE, "CrlNotValidYet");
    }
  }

  static RefusalException unknown() {
    return new RefusalException(PathRefusal.REVOCATION_UNKNOWN, "UnknownRevocationStatus");
  }
}
