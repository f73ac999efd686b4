package dstack.kms.attest.x509;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.crypto.EcdsaSignature384;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.P384PublicKey;
import dstack.kms.core.crypto.RsaPublicKey;
import dstack.kms.core.crypto.RsaScheme;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.VerificationKey;
import java.util.Optional;

/**
 * The signature algorithms of certificates and revocation lists, each with the only encodings of
 * its identifier that are taken. Each goes with one kind of key: an ECDSA digest with its own
 * curve, an RSA digest with RSA.
 */
public enum CertificateAlgorithm {
  /** ecdsa-with-SHA256 under a P-256 key: Intel. */
  ECDSA_SHA256("300a06082a8648ce3d040302"),
  /** ecdsa-with-SHA384 under a P-384 key: Amazon. */
  ECDSA_SHA384("300a06082a8648ce3d040303"),
  /** sha256WithRSAEncryption with NULL parameters: Google. */
  RSA_SHA256("300d06092a864886f70d01010b0500"),
  /** sha384WithRSAEncryption with NULL parameters. */
  RSA_SHA384("300d06092a864886f70d01010c0500"),
  /**
   * RSASSA-PSS with SHA-384, MGF1 with SHA-384 and 48 bytes of salt: AMD, which leaves the trailer
   * field out in some certificates and writes its default in others.
   */
  RSA_PSS_SHA384(Pss.IDENTIFIER, Pss.IDENTIFIER_WITH_TRAILER);

  private final Bytes identifier;
  private final Bytes otherIdentifier;

  CertificateAlgorithm(String identifier) {
    this(identifier, identifier);
  }

  CertificateAlgorithm(String identifier, String otherIdentifier) {
    this.identifier = Bytes.fromHex(identifier);
    this.otherIdentifier = Bytes.fromHex(otherIdentifier);
  }

  private static final class Pss {
    private static final String SHA384 = "300d06096086480165030402020500";
    private static final String OID = "06092a864886f70d01010a";
    private static final String PARAMETERS =
        "a00f" + SHA384 + "a11c301a06092a864886f70d010108" + SHA384 + "a203020130";
    static final String IDENTIFIER = "3041" + OID + "3034" + PARAMETERS;
    static final String IDENTIFIER_WITH_TRAILER = "3046" + OID + "3039" + PARAMETERS + "a303020101";
  }

  /** The algorithm that the DER identifier names; empty for every other and every other form. */
  static Optional<CertificateAlgorithm> of(Bytes identifier) {
    for (CertificateAlgorithm algorithm : values()) {
      if (identifier.equals(algorithm.identifier) || identifier.equals(algorithm.otherIdentifier)) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }

  /** Whether a key of this kind signs with it. */
  boolean goesWith(VerificationKey key) {
    return switch (key) {
      case P256PublicKey _ -> this == ECDSA_SHA256;
      case P384PublicKey _ -> this == ECDSA_SHA384;
      case RsaPublicKey _ -> this != ECDSA_SHA256 && this != ECDSA_SHA384;
    };
  }

  /** Whether the key goes with it and the signature over the message holds. */
  boolean holds(VerificationKey key, Bytes message, Bytes signature, SignatureVerifier verifier) {
    return switch (this) {
      case ECDSA_SHA256 ->
          key instanceof P256PublicKey point
              && EcdsaSignature.fromDer(signature)
                  .filter(rs -> verifier.verifiesP256Sha256(point, message, rs))
                  .isPresent();
      case ECDSA_SHA384 ->
          key instanceof P384PublicKey point
              && EcdsaSignature384.fromDer(signature)
                  .filter(rs -> verifier.verifiesP384Sha384(point, message, rs))
                  .isPresent();
      case RSA_SHA256 -> holdsRsa(RsaScheme.PKCS1_SHA256, key, message, signature, verifier);
      case RSA_SHA384 -> holdsRsa(RsaScheme.PKCS1_SHA384, key, message, signature, verifier);
      case RSA_PSS_SHA384 -> holdsRsa(RsaScheme.PSS_SHA384, key, message, signature, verifier);
    };
  }

  private static boolean holdsRsa(
      RsaScheme scheme,
      VerificationKey key,
      Bytes message,
      Bytes signature,
      SignatureVerifier verifier) {
    return key instanceof RsaPublicKey rsa && verifier.verifiesRsa(scheme, rsa, message, signature);
  }
}
