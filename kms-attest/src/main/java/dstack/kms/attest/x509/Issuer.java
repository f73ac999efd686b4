package dstack.kms.attest.x509;

import dstack.kms.core.crypto.VerificationKey;
import java.util.Optional;

/**
 * Whoever signed a certificate of a path.
 *
 * @param purposes empty for the anchor, of which no key usage is asked
 */
record Issuer(VerificationKey key, Optional<KeyPurposes> purposes) {
  static Issuer of(TrustAnchor anchor) {
    return new Issuer(anchor.key(), Optional.empty());
  }

  static Issuer of(UnverifiedCertificate authority) {
    return new Issuer(VerifiedCertificate.keyOf(authority), Optional.of(authority.purposes()));
  }

  boolean maySignRevocationLists() {
    return purposes.isEmpty() || purposes.get().signsRevocationLists();
  }
}
