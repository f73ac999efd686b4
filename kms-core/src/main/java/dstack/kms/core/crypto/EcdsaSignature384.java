package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import java.util.Optional;

/**
 * An ECDSA signature over P-384: r and s as 48 big-endian bytes each. Whether 0 &lt; r, s &lt; n
 * holds is for the verification to decide.
 */
public record EcdsaSignature384(Bytes rs) {
  /** Length of r and s together in bytes. */
  public static final int LENGTH = 96;

  private static final EcdsaEncoding ENCODING = new EcdsaEncoding(LENGTH / 2);

  /**
   * @throws IllegalArgumentException if there are not exactly 96 bytes
   */
  public EcdsaSignature384 {
    if (rs.length() != LENGTH) {
      throw new IllegalArgumentException("a P-384 signature has 96 bytes, not " + rs.length());
    }
  }

  /**
   * Reads strict DER: one SEQUENCE of two minimal, non-negative INTEGERs of at most 384 bits,
   * nothing after it. Anything else is empty.
   */
  public static Optional<EcdsaSignature384> fromDer(Bytes der) {
    return ENCODING.fromDer(der).map(EcdsaSignature384::new);
  }

  /** The signature of two unsigned big-endian numbers of 0 to 48 bytes; longer ones are empty. */
  public static Optional<EcdsaSignature384> ofNumbers(Bytes r, Bytes s) {
    return ENCODING.ofNumbers(r, s).map(EcdsaSignature384::new);
  }

  /** The DER form: a SEQUENCE of two INTEGERs. */
  public Bytes toDer() {
    return ENCODING.toDer(rs);
  }
}
