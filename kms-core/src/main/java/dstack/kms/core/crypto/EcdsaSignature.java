package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import java.util.Optional;

/**
 * An ECDSA signature over a 256-bit curve: r and s as 32 big-endian bytes each. Whether 0 &lt; r, s
 * &lt; n holds is for the verification to decide.
 */
public record EcdsaSignature(Bytes rs) {
  /** Length of r and s together in bytes. */
  public static final int LENGTH = 64;

  private static final EcdsaEncoding ENCODING = new EcdsaEncoding(LENGTH / 2);

  /**
   * @throws IllegalArgumentException if there are not exactly 64 bytes
   */
  public EcdsaSignature {
    if (rs.length() != LENGTH) {
      throw new IllegalArgumentException("an ECDSA signature has 64 bytes, not " + rs.length());
    }
  }

  /**
   * Reads strict DER: one SEQUENCE of two minimal, non-negative INTEGERs of at most 256 bits,
   * nothing after it. Anything else is empty.
   */
  public static Optional<EcdsaSignature> fromDer(Bytes der) {
    return ENCODING.fromDer(der).map(EcdsaSignature::new);
  }

  /** The signature of two unsigned big-endian numbers of 0 to 32 bytes; longer ones are empty. */
  public static Optional<EcdsaSignature> ofNumbers(Bytes r, Bytes s) {
    return ENCODING.ofNumbers(r, s).map(EcdsaSignature::new);
  }

  /** The DER form: a SEQUENCE of two INTEGERs. */
  public Bytes toDer() {
    return ENCODING.toDer(rs);
  }
}
