package dstack.kms.chain.proof.trie;

import dstack.kms.core.bytes.Bytes;

/**
 * Half bytes, the steps of a way through the trie.
 *
 * @param digits one byte for each, from 0 to 15
 */
record Nibbles(Bytes digits) {
  /** Both halves of every byte, the high one first. */
  static Nibbles of(Bytes bytes) {
    byte[] digits = new byte[bytes.length() * 2];
    for (int i = 0; i < bytes.length(); i++) {
      digits[2 * i] = (byte) (bytes.at(i) >> 4);
      digits[2 * i + 1] = (byte) (bytes.at(i) & 0xf);
    }
    return new Nibbles(Bytes.of(digits));
  }

  int length() {
    return digits.length();
  }

  boolean isEmpty() {
    return digits.isEmpty();
  }

  int first() {
    return digits.at(0);
  }

  boolean startsWith(Nibbles prefix) {
    return prefix.length() <= length() && digits.slice(0, prefix.length()).equals(prefix.digits);
  }

  Nibbles after(int steps) {
    return new Nibbles(digits.slice(steps, length()));
  }
}
