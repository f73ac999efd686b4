package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import java.util.Optional;

/**
 * A point of the curve P-256 other than infinity, as the 65 bytes {@code 04 || X || Y}. An instance
 * is proof that the point lies on the curve.
 */
public record P256PublicKey(Bytes point) implements VerificationKey {
  /** Length of the uncompressed point in bytes. */
  public static final int LENGTH = 65;

  /**
   * @throws IllegalArgumentException if the bytes are no uncompressed point of the curve
   */
  public P256PublicKey {
    if (!NistCurve.P256.has(point)) {
      throw new IllegalArgumentException("not an uncompressed point of P-256");
    }
  }

  /** The key whose uncompressed point this is, if it lies on the curve. */
  public static Optional<P256PublicKey> fromPoint(Bytes point) {
    return NistCurve.P256.has(point) ? Optional.of(new P256PublicKey(point)) : Optional.empty();
  }

  /**
   * The key in a subject public key info of exactly 91 bytes: named curve, uncompressed point.
   * Every other encoding is empty.
   */
  public static Optional<P256PublicKey> fromSubjectPublicKeyInfo(Bytes der) {
    return NistCurve.P256.pointOf(der).map(P256PublicKey::new);
  }

  /** The DER subject public key info, 91 bytes. */
  @Override
  public Bytes subjectPublicKeyInfo() {
    return NistCurve.P256.spkiOf(point);
  }
}
