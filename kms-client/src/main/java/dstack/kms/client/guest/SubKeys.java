package dstack.kms.client.guest;

import dstack.kms.client.keys.VerifiedAppKeys;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Hkdf;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.RecoverableSignature;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.secret.Secret;
import java.util.List;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** Derives the keys that a guest agent gives to programs, byte for byte like the original's. */
public final class SubKeys {
  private static final int LENGTH = 32;

  private final VerifiedAppKeys app;

  /** Of these keys, for as long as they are not closed. */
  public SubKeys(VerifiedAppKeys app) {
    this.app = app;
  }

  /** The secp256k1 key of a path, stated for a purpose. */
  public SubKey secp256k1(String path, String purpose) {
    Secret scalar = derived(path);
    try (Secp256k1PrivateKey key = Secp256k1PrivateKey.ofScalar(scalar)) {
      return stated(scalar, key.publicKey().compressed(), purpose);
    }
  }

  /** The Ed25519 key of a path, stated for a purpose; its seed are the same bytes. */
  public SubKey ed25519(String path, String purpose) {
    Secret seed = derived(path);
    byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];
    seed.expose(
        raw -> {
          Ed25519.generatePublicKey(raw, 0, publicKey, 0);
          return publicKey;
        });
    return stated(seed, Bytes.of(publicKey), purpose);
  }

  /** The P-256 key of a path, as the old socket derives it; the caller closes it. */
  public P256PrivateKey p256(String path) {
    try (Secret scalar = derived(path)) {
      return P256PrivateKey.ofScalar(scalar);
    }
  }

  private Secret derived(String path) {
    try (Secret appKey = app.k256Key().scalar()) {
      return Hkdf.derive(appKey, Bytes.utf8(path), LENGTH);
    }
  }

  private SubKey stated(Secret key, Bytes publicKey, String purpose) {
    Bytes statement = Bytes.utf8(purpose + ":" + publicKey.hex());
    RecoverableSignature own = app.k256Key().signDigest(Keccak.keccak256(statement));
    return new SubKey(key, publicKey, List.of(own, app.k256Signature()));
  }
}
