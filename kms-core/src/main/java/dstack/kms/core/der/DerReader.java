package dstack.kms.core.der;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Walks over the values of one DER structure.
 *
 * <p>Lengths are definite and minimal, else refused. Nothing is copied but what is asked for, and a
 * value never reaches beyond the structure around it. All refusals carry a {@link DerRefusal}.
 */
public final class DerReader {
  private static final int MAX_LENGTH_BYTES = 3;

  private final Bytes input;
  private final int end;
  private int position;

  /** Starts at the first byte of the input. */
  public DerReader(Bytes input) {
    this(input, 0, input.length());
  }

  private DerReader(Bytes input, int position, int end) {
    this.input = input;
    this.position = position;
    this.end = end;
  }

  /** Whether there is a further value. */
  public boolean hasMore() {
    return position < end;
  }

  /** Whether the next value has that tag. */
  public boolean nextIs(int tag) {
    return hasMore() && input.at(position) == tag;
  }

  /** The tag of the next value. */
  public int peekTag() {
    if (!hasMore()) {
      throw truncated();
    }
    return input.at(position);
  }

  /** Enters a value of that tag: a reader of its content. */
  public DerReader enter(int tag) {
    expect(tag);
    Value value = next();
    return new DerReader(input, value.contentStart, value.end);
  }

  /** Enters a value of that tag if it is the next one. */
  public Optional<DerReader> enterIf(int tag) {
    return nextIs(tag) ? Optional.of(enter(tag)) : Optional.empty();
  }

  /** The content of a primitive value of that tag. */
  public Bytes content(int tag) {
    expect(tag);
    Value value = next();
    return input.slice(value.contentStart, value.end);
  }

  /** The next value with its tag and length, exactly as it stands; it must have that tag. */
  public Bytes encoded(int tag) {
    expect(tag);
    int start = position;
    return input.slice(start, next().end);
  }

  /** Passes over the next value, which must have that tag. */
  public void skip(int tag) {
    expect(tag);
    position = next().end;
  }

  /** The content of a BIT STRING of whole bytes. */
  public Bytes wholeByteBitString() {
    Bytes content = content(DerTag.BIT_STRING);
    if (content.isEmpty() || content.at(0) != 0) {
      throw badValue("BIT STRING is not of whole bytes");
    }
    return content.slice(1, content.length());
  }

  /** A BOOLEAN, {@code 00} or {@code ff}. */
  public boolean bool() {
    Bytes content = content(DerTag.BOOLEAN);
    if (content.length() != 1 || (content.at(0) != 0 && content.at(0) != 0xff)) {
      throw badValue("invalid BOOLEAN");
    }
    return content.at(0) == 0xff;
  }

  /** An INTEGER from 0 to 127. */
  public int smallInteger() {
    Bytes content = content(DerTag.INTEGER);
    if (content.length() != 1 || content.at(0) > 0x7f) {
      throw badValue("INTEGER is not in 0..127");
    }
    return content.at(0);
  }

  /** An OBJECT IDENTIFIER in dotted form. */
  public String objectIdentifier() {
    return ObjectIdentifiers.dotted(content(DerTag.OBJECT_IDENTIFIER));
  }

  /** Refuses values after the last one expected. */
  public void expectEnd() {
    if (hasMore()) {
      throw new RefusalException(
          DerRefusal.TRAILING_BYTES, "trailing bytes in DER: " + (end - position));
    }
  }

  private record Value(int contentStart, int end) {}

  private Value next() {
    int lengthAt = position + 1;
    if (lengthAt >= end) {
      throw truncated();
    }
    int first = input.at(lengthAt);
    int lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    int length = first < 0x80 ? first : longLength(lengthAt + 1, lengthBytes);
    int contentStart = lengthAt + 1 + lengthBytes;
    if (length > end - contentStart) {
      throw truncated();
    }
    position = contentStart + length;
    return new Value(contentStart, position);
  }

  private int longLength(int at, int count) {
    if (count == 0) {
      throw new RefusalException(DerRefusal.NOT_CANONICAL, "indefinite length in DER");
    }
    if (count > MAX_LENGTH_BYTES || count > end - at) {
      throw truncated();
    }
    int length = 0;
    for (int i = 0; i < count; i++) {
      length = length << 8 | input.at(at + i);
    }
    if (length < 0x80 || length >>> (8 * (count - 1)) == 0) {
      throw new RefusalException(DerRefusal.NOT_CANONICAL, "length in DER is not minimal");
    }
    return length;
  }

  private void expect(int tag) {
    int found = peekTag();
    if (found != tag) {
      throw new RefusalException(
          DerRefusal.UNEXPECTED_TAG,
          "unexpected tag in DER: " + hex(found) + ", expected " + hex(tag));
    }
  }

  private static String hex(int tag) {
    return HexFormat.of().toHexDigits((byte) tag);
  }

  private static RefusalException truncated() {
    return new RefusalException(DerRefusal.TRUNCATED, "unexpected end of DER");
  }

  static RefusalException badValue(String why) {
    return new RefusalException(DerRefusal.BAD_VALUE, why);
  }
}
