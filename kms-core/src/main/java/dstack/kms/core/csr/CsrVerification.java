package dstack.kms.core.csr;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.der.DerReader;
import dstack.kms.core.der.DerTag;
import dstack.kms.core.refusal.RefusalException;

/** The steps of specification 02 §7, in its order and with its texts. */
final class CsrVerification {
  static final String CONFIRM_WORD = "please sign cert:";

  private static final String EC_PUBLIC_KEY = "1.2.840.10045.2.1";

  private CsrVerification() {}

  static VerifiedCsr verify(
      Bytes received, CsrParts parts, Bytes signature, SignatureVerifier verifier) {
    requireEllipticCurve(algorithmOf(parts.publicKey()));
    P256PublicKey key = requireP256(parts.publicKey());
    requireSignature(key, received, signature, verifier);
    requireConfirmWord(parts.confirm());
    return new VerifiedCsr(key, parts.config(), parts.evidence());
  }

  /** The OID of the key's algorithm; the key info must be well-formed to its last byte. */
  private static String algorithmOf(Bytes spki) {
    try {
      DerReader outer = new DerReader(spki);
      DerReader info = outer.enter(DerTag.SEQUENCE);
      outer.expectEnd();
      String algorithm = info.enter(DerTag.SEQUENCE).objectIdentifier();
      info.skip(DerTag.BIT_STRING);
      info.expectEnd();
      return algorithm;
    } catch (RefusalException e) {
      throw new RefusalException(CsrRefusal.PUBLIC_KEY, "Failed to parse pubkey", e.text());
    }
  }

  private static void requireEllipticCurve(String algorithm) {
    if (!algorithm.equals(EC_PUBLIC_KEY)) {
      throw new RefusalException(CsrRefusal.ALGORITHM, "Unsupported algorithm", algorithm);
    }
  }

  /** The original notices another curve only when the signature fails, hence the text. */
  private static P256PublicKey requireP256(Bytes spki) {
    return P256PublicKey.fromSubjectPublicKeyInfo(spki)
        .orElseThrow(
            () ->
                new RefusalException(
                    CsrRefusal.PUBLIC_KEY,
                    "Invalid signature",
                    "the key is not an uncompressed point of the named curve P-256"));
  }

  private static void requireSignature(
      P256PublicKey key, Bytes received, Bytes signature, SignatureVerifier verifier) {
    boolean holds =
        EcdsaSignature.fromDer(signature)
            .filter(parsed -> verifier.verifiesP256Sha256(key, received, parsed))
            .isPresent();
    if (!holds) {
      throw new RefusalException(CsrRefusal.SIGNATURE, "Invalid signature");
    }
  }

  private static void requireConfirmWord(String confirm) {
    if (!confirm.equals(CONFIRM_WORD)) {
      throw new RefusalException(CsrRefusal.CONFIRM_WORD, "Invalid confirm word");
    }
  }
}
