package dstack.kms.onboard.epoch;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.crypto.Secp256k1PublicKey;
import dstack.kms.core.store.KeySet;

/** The public halves of the two roots: what the world outside knows a generation by. */
public record RootIdentity(P256PublicKey ca, Secp256k1PublicKey k256) {
  private static final int ADDRESS_LENGTH = 20;

  /** The identity of these keys. */
  static RootIdentity of(KeySet keys) {
    try (P256PrivateKey ca = P256PrivateKey.fromPkcs8Pem(keys.rootCa());
        Secp256k1PrivateKey k256 = Secp256k1PrivateKey.ofScalar(keys.k256())) {
      return new RootIdentity(ca.publicKey(), k256.publicKey());
    }
  }

  /** The root CA's subject public key info: {@code key_provider_id} of applications, 91 bytes. */
  public Bytes keyProviderId() {
    return ca.subjectPublicKeyInfo();
  }

  /** Its SHA-256, short enough to read aloud. */
  public Bytes keyProviderDigest() {
    return Digests.sha256(keyProviderId());
  }

  /** The k256 root as an account of Ethereum, 20 bytes. */
  public Bytes address() {
    Bytes point = k256.uncompressed();
    Bytes digest = Keccak.keccak256(point.slice(1, point.length()));
    return digest.slice(digest.length() - ADDRESS_LENGTH, digest.length());
  }

  /** Whether one of the two roots is the other's, too. */
  boolean shares(RootIdentity other) {
    return ca.equals(other.ca) || k256.equals(other.k256);
  }
}
