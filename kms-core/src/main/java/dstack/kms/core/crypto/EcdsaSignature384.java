package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;

/**
 * An ECDSA signature over P-384: r and s as 48 big-endian bytes each. Whether 0 &lt; r, s &lt; n
 * holds is for the verification to decide.
 */
public record EcdsaSignature384(Bytes rs) {
  /** Length of r and s together in bytes. */
  public static final int LENGTH = 96;

  /**
   * @throws IllegalArgumentException if there are not exactly 96 bytes
   */
  public EcdsaSignature384 {
    if (rs.length() != LENGTH) {
      throw new IllegalArgumentException("a P-384 signature has 96 bytes, not " + rs.length());
    }
  }
}
