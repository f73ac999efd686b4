package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import java.util.Optional;

/**
 * A point of the curve P-384 other than infinity, as the 97 bytes {@code 04 || X || Y}. An instance
 * is proof that the point lies on the curve.
 */
public record P384PublicKey(Bytes point) implements VerificationKey {
  /** Length of the uncompressed point in bytes. */
  public static final int LENGTH = 97;

  /**
   * @throws IllegalArgumentException if the bytes are no uncompressed point of the curve
   */
  public P384PublicKey {
    if (!NistCurve.P384.has(point)) {
      throw new IllegalArgumentException("not an uncompressed point of P-384");
    }
  }

  /** The key whose uncompressed point this is, if it lies on the curve. */
  public static Optional<P384PublicKey> fromPoint(Bytes point) {
    return NistCurve.P384.has(point) ? Optional.of(new P384PublicKey(point)) : Optional.empty();
  }

  /**
   * The key in a subject public key info of exactly 120 bytes: named curve, uncompressed point.
   * Every other encoding is empty.
   */
  public static Optional<P384PublicKey> fromSubjectPublicKeyInfo(Bytes der) {
    return NistCurve.P384.pointOf(der).map(P384PublicKey::new);
  }

  @Override
  public Bytes subjectPublicKeyInfo() {
    return NistCurve.P384.spkiOf(point);
  }
}
