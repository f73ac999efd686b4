package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.util.Optional;

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

  /**
   * Whether a public key of 32 bytes has shared secrets at all; points of small order have none.
   */
  public static boolean hasSharedSecrets(Bytes publicKey) {
    // Clamping makes every private key a multiple of 8, so one of them speaks for all.
    try (Secret any = Secret.takeOver(new byte[LENGTH])) {
      Optional<Secret> shared = sharedSecret(any, publicKey);
      shared.ifPresent(Secret::close);
      return shared.isPresent();
    }
  }

  /**
   * The shared secret of a private key with a public key, 32 bytes; empty if it is zero, as with a
   * point of small order, or if the public key has another length.
   */
  public static Optional<Secret> sharedSecret(Secret privateKey, Bytes publicKey) {
    if (privateKey.length() != LENGTH || publicKey.length() != LENGTH) {
      return Optional.empty();
    }
    byte[] theirs = publicKey.toArray();
    byte[] shared = new byte[LENGTH];
    boolean exists =
        privateKey.expose(
            raw ->
                org.bouncycastle.math.ec.rfc7748.X25519.calculateAgreement(
                    raw, 0, theirs, 0, shared, 0));
    return exists ? Optional.of(Secret.takeOver(shared)) : Optional.empty();
  }
}
