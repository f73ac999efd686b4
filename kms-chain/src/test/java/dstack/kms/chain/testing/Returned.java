package dstack.kms.chain.testing;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;

/**
 * What a call returned, read word by word.
 *
 * @param data the ABI encoding
 */
public record Returned(Bytes data) {
  /** Reads that data. */
  public static Returned of(Bytes data) {
    return new Returned(data);
  }

  /** The word of that index. */
  public Word word(int index) {
    return new Word(data.slice(32 * index, 32 * index + 32));
  }

  /** The address of that index. */
  public Address address(int index) {
    return Address.ofWord(word(index));
  }

  /** The truth value of that index; fails if it is neither. */
  public boolean flag(int index) {
    return word(index).number().intValueExact() == 1;
  }

  /** The number of that index. */
  public long number(int index) {
    return word(index).number().longValueExact();
  }

  /** The bytes whose offset is the word of that index. */
  public Bytes bytes(int index) {
    int start = word(index).number().intValueExact();
    int length = new Word(data.slice(start, start + 32)).number().intValueExact();
    return data.slice(start + 32, start + 32 + length);
  }

  /** The text whose offset is the word of that index. */
  public String text(int index) {
    return bytes(index).strictUtf8Text().orElseThrow();
  }
}
