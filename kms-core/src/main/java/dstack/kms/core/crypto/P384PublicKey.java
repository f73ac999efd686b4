package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;
import java.util.Optional;

/**
 * A point of the curve P-384 other than infinity, as the 97 bytes {@code 04 || X || Y}. An instance
 * is proof that the point lies on the curve.
 */
public record P384PublicKey(Bytes point) implements VerificationKey {
  /** Length of the uncompressed point in bytes. */
  public static final int LENGTH = 97;

  private static final int COORDINATE = 48;
  private static final Bytes SPKI_PREFIX =
      Bytes.fromHex("3076301006072a8648ce3d020106052b81040022036200");
  private static final BigInteger P =
      BigInteger.TWO
          .pow(384)
          .subtract(BigInteger.TWO.pow(128))
          .subtract(BigInteger.TWO.pow(96))
          .add(BigInteger.TWO.pow(32))
          .subtract(BigInteger.ONE);
  private static final BigInteger B =
      new BigInteger(
          "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875a"
              + "c656398d8a2ed19d2a85c8edd3ec2aef",
          16);

  /**
   * @throws IllegalArgumentException if the bytes are no uncompressed point of the curve
   */
  public P384PublicKey {
    if (!isOnCurve(point)) {
      throw new IllegalArgumentException("not an uncompressed point of P-384");
    }
  }

  /** The key whose uncompressed point this is, if it lies on the curve. */
  public static Optional<P384PublicKey> fromPoint(Bytes point) {
    return isOnCurve(point) ? Optional.of(new P384PublicKey(point)) : Optional.empty();
  }

  /**
   * The key in a subject public key info of exactly 120 bytes: named curve, uncompressed point.
   * Every other encoding is empty.
   */
  public static Optional<P384PublicKey> fromSubjectPublicKeyInfo(Bytes der) {
    int header = SPKI_PREFIX.length();
    if (der.length() != header + LENGTH || !der.slice(0, header).equals(SPKI_PREFIX)) {
      return Optional.empty();
    }
    return fromPoint(der.slice(header, der.length()));
  }

  @Override
  public Bytes subjectPublicKeyInfo() {
    return Bytes.concat(SPKI_PREFIX, point);
  }

  private static boolean isOnCurve(Bytes point) {
    if (point.length() != LENGTH || point.at(0) != 4) {
      return false;
    }
    BigInteger x = new BigInteger(1, point.slice(1, 1 + COORDINATE).toArray());
    BigInteger y = new BigInteger(1, point.slice(1 + COORDINATE, LENGTH).toArray());
    if (x.compareTo(P) >= 0 || y.compareTo(P) >= 0) {
      return false;
    }
    BigInteger right = x.multiply(x).subtract(BigInteger.valueOf(3)).multiply(x).add(B).mod(P);
    return y.multiply(y).mod(P).equals(right);
  }
}
