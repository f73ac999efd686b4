package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;
import java.util.Optional;

/**
 * An ECDSA signature over a 256-bit curve: r and s as 32 big-endian bytes each. Whether 0 &lt; r, s
 * &lt; n holds is for the verification to decide.
 */
public record EcdsaSignature(Bytes rs) {
  /** Length of r and s together in bytes. */
  public static final int LENGTH = 64;

  private static final int INTEGER_TAG = 0x02;

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
    if (der.length() < 8 || der.at(0) != 0x30 || der.at(1) != der.length() - 2) {
      return Optional.empty();
    }
    Optional<Bytes> r = integer(der, 2);
    if (r.isEmpty()) {
      return Optional.empty();
    }
    int second = 4 + der.at(3);
    Optional<Bytes> s = integer(der, second);
    if (s.isEmpty() || second + 2 + der.at(second + 1) != der.length()) {
      return Optional.empty();
    }
    return Optional.of(new EcdsaSignature(Bytes.concat(r.get(), s.get())));
  }

  /** The DER form: a SEQUENCE of two INTEGERs. */
  public Bytes toDer() {
    Bytes r = derInteger(rs.slice(0, 32));
    Bytes s = derInteger(rs.slice(32, 64));
    int length = r.length() + s.length();
    return Bytes.concat(Bytes.of(new byte[] {0x30, (byte) length}), r, s);
  }

  private static Optional<Bytes> integer(Bytes der, int offset) {
    if (offset + 2 > der.length() || der.at(offset) != INTEGER_TAG) {
      return Optional.empty();
    }
    int length = der.at(offset + 1);
    int start = offset + 2;
    if (length == 0 || length > 33 || start + length > der.length()) {
      return Optional.empty();
    }
    boolean negative = der.at(start) >= 0x80;
    boolean padded = der.at(start) == 0 && length > 1;
    boolean minimal = !padded || der.at(start + 1) >= 0x80;
    if (negative || !minimal || (length == 33 && !padded)) {
      return Optional.empty();
    }
    Bytes digits = der.slice(padded ? start + 1 : start, start + length);
    return Optional.of(Bytes.concat(Bytes.zeros(32 - digits.length()), digits));
  }

  private static Bytes derInteger(Bytes magnitude) {
    byte[] digits = new BigInteger(1, magnitude.toArray()).toByteArray();
    return Bytes.concat(Bytes.of(new byte[] {INTEGER_TAG, (byte) digits.length}), Bytes.of(digits));
  }
}
