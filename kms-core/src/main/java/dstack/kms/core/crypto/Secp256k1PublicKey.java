package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import org.bouncycastle.math.ec.ECPoint;

/**
 * A point of the curve secp256k1 other than infinity, as its compressed form of 33 bytes. An
 * instance is proof that the point lies on the curve.
 */
public record Secp256k1PublicKey(Bytes compressed) {
  /** Length of the compressed point in bytes. */
  public static final int LENGTH = 33;

  /** Refuses bytes that are no compressed point of the curve. */
  public Secp256k1PublicKey {
    if (!isOnCurve(compressed)) {
      throw new RefusalException(
          CryptoRefusal.PUBLIC_KEY_ENCODING, "not a compressed point of secp256k1");
    }
  }

  /** The same point as 65 bytes {@code 04 || X || Y}. */
  public Bytes uncompressed() {
    return Bytes.of(EcCurve.SECP256K1.decode(compressed).getEncoded(false));
  }

  static Secp256k1PublicKey of(ECPoint point) {
    return new Secp256k1PublicKey(Bytes.of(point.getEncoded(true)));
  }

  private static boolean isOnCurve(Bytes point) {
    if (point.length() != LENGTH || (point.at(0) != 2 && point.at(0) != 3)) {
      return false;
    }
    try {
      return !EcCurve.SECP256K1.decode(point).isInfinity();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
