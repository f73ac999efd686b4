package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;

/** One implementation of the signatures that only evidence and its certificates use. */
interface VerificationEngine {
  /** Whether the signature over the SHA-384 of the message holds; r and s are in range. */
  boolean verifiesP384Sha384(P384PublicKey key, Bytes message, EcdsaSignature384 signature);

  /** Whether the signature, which is as long as the modulus, holds. */
  boolean verifiesRsa(RsaScheme scheme, RsaPublicKey key, Bytes message, Bytes signature);
}
