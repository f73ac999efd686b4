package dstack.kms.chain.proof.rlp;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads one value and refuses every encoding but the canonical one.
 *
 * <p>A length is compared with what is left before anything is taken. All refusals carry an {@link
 * RlpRefusal}.
 */
public final class RlpDecoder {
  /** Lists in lists: deeper than any node of a trie can be. */
  static final int MAX_DEPTH = 16;

  private static final int SHORT = 56;

  private final Bytes input;
  private int position;
  private int end;

  private RlpDecoder(Bytes input) {
    this.input = input;
    end = input.length();
  }

  /** The one value that these bytes encode, from the first to the last of them. */
  public static RlpItem decode(Bytes input) {
    RlpDecoder decoder = new RlpDecoder(input);
    RlpItem item = decoder.next(0);
    if (decoder.position != input.length()) {
      throw new RefusalException(
          RlpRefusal.TRAILING_BYTES,
          "trailing bytes in RLP: " + (input.length() - decoder.position));
    }
    return item;
  }

  private RlpItem next(int depth) {
    if (position == end) {
      throw truncated();
    }
    int first = input.at(position++);
    if (first < 0x80) {
      return RlpItem.of(input.slice(position - 1, position));
    }
    return first < 0xc0 ? text(first - 0x80) : list(first - 0xc0, depth);
  }

  private RlpItem text(int prefix) {
    Bytes content = take(length(prefix));
    if (content.length() == 1 && content.at(0) < 0x80) {
      throw notCanonical("a single small byte stands for itself");
    }
    return RlpItem.of(content);
  }

  private RlpItem list(int prefix, int depth) {
    if (depth == MAX_DEPTH) {
      throw new RefusalException(
          RlpRefusal.TOO_DEEP, "lists in RLP are nested more than " + MAX_DEPTH + " deep");
    }
    int outer = end;
    int length = length(prefix);
    requireLeft(length);
    end = position + length;
    List<RlpItem> items = new ArrayList<>();
    while (position < end) {
      items.add(next(depth + 1));
    }
    end = outer;
    return RlpItem.of(items);
  }

  /** Up to 55 in the prefix itself, else the bytes of the length after it. */
  private int length(int prefix) {
    if (prefix < SHORT) {
      return prefix;
    }
    Bytes digits = take(prefix - SHORT + 1);
    if (digits.at(0) == 0) {
      throw notCanonical("a length begins with a zero byte");
    }
    if (digits.length() > 3) {
      throw truncated();
    }
    int length = 0;
    for (int i = 0; i < digits.length(); i++) {
      length = length << 8 | digits.at(i);
    }
    if (length < SHORT) {
      throw notCanonical("a length below 56 stands in the prefix");
    }
    return length;
  }

  private Bytes take(int length) {
    requireLeft(length);
    position += length;
    return input.slice(position - length, position);
  }

  private void requireLeft(int length) {
    if (length > end - position) {
      throw truncated();
    }
  }

  private static RefusalException truncated() {
    return new RefusalException(RlpRefusal.TRUNCATED, "unexpected end of RLP");
  }

  private static RefusalException notCanonical(String why) {
    return new RefusalException(RlpRefusal.NOT_CANONICAL, "RLP is not canonical: " + why);
  }
}
