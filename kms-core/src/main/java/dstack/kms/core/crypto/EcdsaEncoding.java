package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;
import java.util.Optional;

/** The encodings of the pair r and s, for numbers of so many bytes each, 32 or 48. */
record EcdsaEncoding(int numberLength) {
  private static final int INTEGER_TAG = 0x02;

  /** r and s, each of fixed length, from the strict DER of two minimal, non-negative INTEGERs. */
  Optional<Bytes> fromDer(Bytes der) {
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
    return Optional.of(Bytes.concat(r.get(), s.get()));
  }

  /** The DER of r and s. */
  Bytes toDer(Bytes rs) {
    Bytes r = derInteger(rs.slice(0, numberLength));
    Bytes s = derInteger(rs.slice(numberLength, 2 * numberLength));
    int length = r.length() + s.length();
    return Bytes.concat(Bytes.of(new byte[] {0x30, (byte) length}), r, s);
  }

  /** r and s of fixed length, from big-endian numbers that may be shorter but not longer. */
  Optional<Bytes> ofNumbers(Bytes r, Bytes s) {
    return r.length() > numberLength || s.length() > numberLength
        ? Optional.empty()
        : Optional.of(Bytes.concat(padded(r), padded(s)));
  }

  private Bytes padded(Bytes number) {
    return Bytes.concat(Bytes.zeros(numberLength - number.length()), number);
  }

  private Optional<Bytes> integer(Bytes der, int offset) {
    if (offset + 2 > der.length() || der.at(offset) != INTEGER_TAG) {
      return Optional.empty();
    }
    int length = der.at(offset + 1);
    int start = offset + 2;
    if (length == 0 || length > numberLength + 1 || start + length > der.length()) {
      return Optional.empty();
    }
    boolean negative = der.at(start) >= 0x80;
    boolean padded = der.at(start) == 0 && length > 1;
    boolean minimal = !padded || der.at(start + 1) >= 0x80;
    if (negative || !minimal || (length == numberLength + 1 && !padded)) {
      return Optional.empty();
    }
    return Optional.of(padded(der.slice(padded ? start + 1 : start, start + length)));
  }

  private static Bytes derInteger(Bytes magnitude) {
    byte[] digits = new BigInteger(1, magnitude.toArray()).toByteArray();
    return Bytes.concat(Bytes.of(new byte[] {INTEGER_TAG, (byte) digits.length}), Bytes.of(digits));
  }
}
