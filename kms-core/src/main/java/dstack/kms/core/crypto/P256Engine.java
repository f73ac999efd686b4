package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.secret.Secret;

/** One implementation of ECDSA over P-256 with SHA-256: verification and signing. */
interface P256Engine {
  /** The implementation's name. */
  String name();

  /** Whether the signature over the SHA-256 of the message holds; r and s are in range. */
  boolean verifiesP256Sha256(P256PublicKey key, Bytes message, EcdsaSignature signature);

  /** A key ready to sign with; the scalar has been checked. */
  SigningKey signingKey(Secret scalar);

  /** A private key inside an implementation. */
  interface SigningKey extends AutoCloseable {
    /** A signature over the SHA-256 of the message. */
    EcdsaSignature sign(Bytes message);

    /** Gives the key up; erases it where the implementation can. */
    @Override
    void close();
  }
}
