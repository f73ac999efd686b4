package dstack.kms.chain.contract;

import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import java.math.BigInteger;

/** Where the chain keeps what a contract stores (specification 20 §6). */
final class StorageSlots {
  private StorageSlots() {}

  static Word entry(Word key, long mapping) {
    return new Word(Keccak.keccak256(key.value(), number(mapping).value()));
  }

  static Word longText(long slot, int part) {
    BigInteger first = new BigInteger(1, Keccak.keccak256(number(slot).value()).toArray());
    return Word.of(first.add(BigInteger.valueOf(part)));
  }

  static Word number(long number) {
    return Word.of(BigInteger.valueOf(number));
  }

  /** A text of fewer than 32 bytes as it lies in its slot. */
  static Word shortText(String text) {
    Bytes bytes = Bytes.utf8(text);
    byte[] word = bytes.paddedTo(32).toArray();
    word[31] = (byte) (2 * bytes.length());
    return new Word(Bytes.of(word));
  }
}
