package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;
import java.util.Optional;

/**
 * A point of the curve P-256 other than infinity, as the 65 bytes {@code 04 || X || Y}. An instance
 * is proof that the point lies on the curve.
 */
public record P256PublicKey(Bytes point) implements VerificationKey {
  /** Length of the uncompressed point in bytes. */
  public static final int LENGTH = 65;

  private static final Bytes SPKI_PREFIX =
      Bytes.fromHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");
  private static final BigInteger P =
      new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
  private static final BigInteger B =
      new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);

  /**
   * @throws IllegalArgumentException if the bytes are no uncompressed point of the curve
   */
  public P256PublicKey {
    if (!isOnCurve(point)) {
      throw new IllegalArgumentException("not an uncompressed point of P-256");
    }
  }

  /** The key whose uncompressed point this is, if it lies on the curve. */
  public static Optional<P256PublicKey> fromPoint(Bytes point) {
    return isOnCurve(point) ? Optional.of(new P256PublicKey(point)) : Optional.empty();
  }

  /**
   * The key in a subject public key info of exactly 91 bytes: named curve, uncompressed point.
   * Every other encoding is empty.
   */
  public static Optional<P256PublicKey> fromSubjectPublicKeyInfo(Bytes der) {
    int header = SPKI_PREFIX.length();
    if (der.length() != header + LENGTH || !der.slice(0, header).equals(SPKI_PREFIX)) {
      return Optional.empty();
    }
    return fromPoint(der.slice(header, der.length()));
  }

  /** The DER subject public key info, 91 bytes. */
  @Override
  public Bytes subjectPublicKeyInfo() {
    return Bytes.concat(SPKI_PREFIX, point);
  }

  private static boolean isOnCurve(Bytes point) {
    if (point.length() != LENGTH || point.at(0) != 4) {
      return false;
    }
    BigInteger x = new BigInteger(1, point.slice(1, 33).toArray());
    BigInteger y = new BigInteger(1, point.slice(33, 65).toArray());
    if (x.compareTo(P) >= 0 || y.compareTo(P) >= 0) {
      return false;
    }
    BigInteger right = x.multiply(x).subtract(BigInteger.valueOf(3)).multiply(x).add(B).mod(P);
    return y.multiply(y).mod(P).equals(right);
  }
}
