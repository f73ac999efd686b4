package dstack.kms.attest.x509;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.VerificationKey;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Sequence;

/**
 * The outer structure that certificates and revocation lists share: a body, an algorithm and a
 * signature over the body's bytes.
 */
record SignedDer(ASN1Sequence body, Bytes bodyDer, Bytes algorithm, Bytes signature) {
  static SignedDer parse(Bytes der, int limit) {
    ASN1Sequence outer = StrictDer.parseSequence(der, limit);
    if (outer.size() != 3) {
      throw StrictDer.badDer();
    }
    ASN1BitString signature = StrictDer.as(outer.getObjectAt(2), ASN1BitString.class);
    if (signature.getPadBits() != 0) {
      throw StrictDer.badDer();
    }
    return new SignedDer(
        StrictDer.sequence(outer.getObjectAt(0)),
        StrictDer.firstInside(der),
        StrictDer.encode(outer.getObjectAt(1)),
        Bytes.of(signature.getOctets()));
  }

  /** The algorithm that is named, if it is one that is understood. */
  Optional<CertificateAlgorithm> namedAlgorithm() {
    return CertificateAlgorithm.of(algorithm);
  }

  /** Whether the algorithm is understood, goes with the key, and the signature holds. */
  boolean holdsUnder(VerificationKey key, SignatureVerifier verifier) {
    return namedAlgorithm()
        .filter(named -> named.holds(key, bodyDer, signature, verifier))
        .isPresent();
  }
}
