package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;
import java.util.Optional;

/**
 * A curve y² = x³ - 3x + b over a prime field, and the one encoding of its points that is taken:
 * uncompressed, on the curve, not infinity.
 *
 * @param p the field's prime
 * @param b the curve's constant
 * @param coordinate the length of a coordinate in bytes
 * @param spkiPrefix what stands before a point in a subject public key info: the named curve
 */
record NistCurve(BigInteger p, BigInteger b, int coordinate, Bytes spkiPrefix) {
  private static final BigInteger THREE = BigInteger.valueOf(3);
  private static final int UNCOMPRESSED = 4;

  static final NistCurve P256 =
      new NistCurve(
          new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16),
          new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16),
          32,
          Bytes.fromHex("3059301306072a8648ce3d020106082a8648ce3d030107034200"));

  static final NistCurve P384 =
      new NistCurve(
          BigInteger.TWO
              .pow(384)
              .subtract(BigInteger.TWO.pow(128))
              .subtract(BigInteger.TWO.pow(96))
              .add(BigInteger.TWO.pow(32))
              .subtract(BigInteger.ONE),
          new BigInteger(
              "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875a"
                  + "c656398d8a2ed19d2a85c8edd3ec2aef",
              16),
          48,
          Bytes.fromHex("3076301006072a8648ce3d020106052b81040022036200"));

  /** Whether the bytes are {@code 04 || X || Y} of a point of the curve. */
  boolean has(Bytes point) {
    int length = 1 + 2 * coordinate;
    if (point.length() != length || point.at(0) != UNCOMPRESSED) {
      return false;
    }
    BigInteger x = new BigInteger(1, point.slice(1, 1 + coordinate).toArray());
    BigInteger y = new BigInteger(1, point.slice(1 + coordinate, length).toArray());
    if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0) {
      return false;
    }
    BigInteger right = x.multiply(x).subtract(THREE).multiply(x).add(b).mod(p);
    return y.multiply(y).mod(p).equals(right);
  }

  /** The point in a subject public key info of exactly the one encoding, if it is on the curve. */
  Optional<Bytes> pointOf(Bytes spki) {
    int header = spkiPrefix.length();
    if (spki.length() < header || !spki.slice(0, header).equals(spkiPrefix)) {
      return Optional.empty();
    }
    return Optional.of(spki.slice(header, spki.length())).filter(this::has);
  }

  /** The subject public key info of a point. */
  Bytes spkiOf(Bytes point) {
    return Bytes.concat(spkiPrefix, point);
  }
}
