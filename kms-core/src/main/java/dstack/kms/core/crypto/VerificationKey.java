package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import java.util.Optional;

/** A public key that certificates and evidence are verified with. An instance is well-formed. */
public sealed interface VerificationKey permits P256PublicKey, P384PublicKey, RsaPublicKey {
  /** The DER subject public key info. */
  Bytes subjectPublicKeyInfo();

  /**
   * The key in a subject public key info: P-256 or P-384 as a named curve with an uncompressed
   * point, or RSA of 2,048 to 4,096 bits. Every other key or encoding is empty.
   */
  static Optional<VerificationKey> fromSubjectPublicKeyInfo(Bytes der) {
    return P256PublicKey.fromSubjectPublicKeyInfo(der)
        .<VerificationKey>map(key -> key)
        .or(() -> P384PublicKey.fromSubjectPublicKeyInfo(der))
        .or(() -> RsaPublicKey.fromSubjectPublicKeyInfo(der));
  }
}
