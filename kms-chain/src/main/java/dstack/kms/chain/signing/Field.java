package dstack.kms.chain.signing;

import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;

/**
 * A field of a transaction as it is encoded.
 *
 * @param name for people
 * @param content numbers without leading zeros
 */
record Field(String name, Bytes content) {
  static Field of(String name, BigInteger number) {
    byte[] digits = number.toByteArray();
    return new Field(name, Bytes.of(digits, digits[0] == 0 ? 1 : 0, digits.length));
  }

  static Field of(String name, long number) {
    return of(name, BigInteger.valueOf(number));
  }
}
