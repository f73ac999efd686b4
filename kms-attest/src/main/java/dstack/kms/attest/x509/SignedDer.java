package dstack.kms.attest.x509;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.SignatureVerifier;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Sequence;

/**
 * The outer structure that certificates and revocation lists share: a body, an algorithm and a
 * signature over the body's bytes.
 */
record SignedDer(ASN1Sequence body, Bytes bodyDer, Bytes algorithm, Bytes signature) {
  /** ecdsa-with-SHA256 without parameters. */
  private static final Bytes ECDSA_SHA256 = Bytes.fromHex("300a06082a8648ce3d040302");

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

  /** Whether the one supported algorithm is named. */
  boolean isEcdsaWithSha256() {
    return algorithm.equals(ECDSA_SHA256);
  }

  boolean holdsUnder(P256PublicKey key, SignatureVerifier verifier) {
    Optional<EcdsaSignature> parsed = EcdsaSignature.fromDer(signature);
    return isEcdsaWithSha256()
        && parsed.isPresent()
        && verifier.verifiesP256Sha256(key, bodyDer, parsed.get());
  }
}
