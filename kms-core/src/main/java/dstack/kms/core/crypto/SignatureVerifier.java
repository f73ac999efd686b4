package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;

/**
 * Verifies signatures with one named implementation.
 *
 * <p>Implementations are equal in what they accept: keys and signatures are parsed strictly by our
 * own types first, so a provider only ever sees well-formed input. The JDK's default provider is
 * never used (specification 41 §2).
 */
public interface SignatureVerifier {
  /** The implementation's name for logs and metrics, for example {@code ACCP} or {@code BC}. */
  String name();

  /** Whether the ECDSA P-256 signature over the SHA-256 of the message holds under the key. */
  boolean verifiesP256Sha256(P256PublicKey key, Bytes message, EcdsaSignature signature);

  /** Whether the ECDSA P-384 signature over the SHA-384 of the message holds under the key. */
  boolean verifiesP384Sha384(P384PublicKey key, Bytes message, EcdsaSignature384 signature);

  /** Whether the RSA signature, as long as the modulus, holds over the message under the key. */
  boolean verifiesRsa(RsaScheme scheme, RsaPublicKey key, Bytes message, Bytes signature);
}
