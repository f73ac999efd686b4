package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;

/**
 * X25519 (RFC 7748). Private keys are any 32 bytes and stay unclamped; clamping happens inside each
 * multiplication (specification 03 §4).
 */
public final class X25519 {
  /** Length of private and public keys in bytes. */
  public static final int LENGTH = 32;

  private X25519() {}

  /** The public key of a private key of 32 bytes. */
  public static Bytes publicKey(Secret privateKey) {
    if (privateKey.length() != LENGTH) {
      throw new RefusalException(
          CryptoRefusal.PRIVATE_KEY_LENGTH, "an X25519 private key has 32 bytes");
    }
    byte[] point = new byte[LENGTH];
    privateKey.expose(
        raw -> {
          org.bouncycastle.math.ec.rfc7748.X25519.scalarMultBase(raw, 0, point, 0);
          return point;
        });
    return Bytes.of(point);
  }
}
