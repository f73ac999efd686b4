package dstack.kms.chain.policy;

import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;
import java.util.List;

/** The part of an encoding that offsets of its head point into. */
final class Tail {
  private final int start;
  private Bytes content = Bytes.EMPTY;

  /** A tail behind a head of so many bytes. */
  Tail(int start) {
    this.start = start;
  }

  /** Appends an encoded value; returns the offset to it as a word of the head. */
  Bytes add(Bytes encoded) {
    Bytes offset = number(start + content.length());
    content = Bytes.concat(content, encoded);
    return offset;
  }

  Bytes content() {
    return content;
  }

  static Bytes number(int value) {
    return Word.of(BigInteger.valueOf(value)).value();
  }

  /** A {@code string}: its length, then its bytes up to a full word. */
  static Bytes text(String text) {
    Bytes bytes = Bytes.utf8(text);
    return Bytes.concat(number(bytes.length()), bytes.paddedTo((bytes.length() + 31) & ~31));
  }

  /** A {@code string[]}: their number, then offsets that count from behind it, then the texts. */
  static Bytes texts(List<String> texts) {
    Tail tail = new Tail(texts.size() * 32);
    Bytes[] head = texts.stream().map(text -> tail.add(text(text))).toArray(Bytes[]::new);
    return Bytes.concat(number(texts.size()), Bytes.concat(head), tail.content());
  }
}
