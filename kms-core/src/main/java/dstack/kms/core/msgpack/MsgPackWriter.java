package dstack.kms.core.msgpack;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dstack.kms.core.bytes.Bytes;
import java.io.ByteArrayOutputStream;

/** Writes MessagePack values one after the other, each with its shortest head. */
public final class MsgPackWriter {
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  /** A nil. */
  @CanIgnoreReturnValue
  public MsgPackWriter writeNil() {
    return number(0xc0, 1);
  }

  /** A boolean. */
  @CanIgnoreReturnValue
  public MsgPackWriter writeBool(boolean value) {
    return number(value ? 0xc3 : 0xc2, 1);
  }

  /** An integer in its shortest form: unsigned unless it is negative. */
  @CanIgnoreReturnValue
  public MsgPackWriter writeInteger(long value) {
    if (value >= -32 && value <= 0x7f) {
      return number(value, 1);
    }
    int sizeIndex = value >= 0 ? unsignedSizeIndex(value) : signedSizeIndex(value);
    return number((value >= 0 ? 0xcc : 0xd0) + sizeIndex, 1).number(value, 1 << sizeIndex);
  }

  /** A string. */
  @CanIgnoreReturnValue
  public MsgPackWriter writeString(String value) {
    Bytes utf8 = Bytes.utf8(value);
    if (utf8.length() <= 0x1f) {
      return number(0xa0 | utf8.length(), 1).raw(utf8);
    }
    return headWithLength(0xd9, 0, utf8.length()).raw(utf8);
  }

  /** Bytes as a bin. */
  @CanIgnoreReturnValue
  public MsgPackWriter writeBinary(Bytes value) {
    return headWithLength(0xc4, 0, value.length()).raw(value);
  }

  /** Bytes as an array of integers, the way the original writes plain byte vectors. */
  @CanIgnoreReturnValue
  public MsgPackWriter writeBytesAsArray(Bytes value) {
    writeArrayHeader(value.length());
    for (int i = 0; i < value.length(); i++) {
      writeInteger(value.at(i));
    }
    return this;
  }

  /** The head of an array; so many items must follow. */
  @CanIgnoreReturnValue
  public MsgPackWriter writeArrayHeader(int count) {
    return count <= 0x0f ? number(0x90 | count, 1) : headWithLength(0xdc, 1, count);
  }

  /** The head of a map; so many pairs of key and value must follow. */
  @CanIgnoreReturnValue
  public MsgPackWriter writeMapHeader(int entries) {
    return entries <= 0x0f ? number(0x80 | entries, 1) : headWithLength(0xde, 1, entries);
  }

  /** Everything written so far. */
  public Bytes toBytes() {
    return Bytes.of(output.toByteArray());
  }

  private MsgPackWriter headWithLength(int firstMarker, int leastSizeIndex, int length) {
    int sizeIndex = Math.max(leastSizeIndex, unsignedSizeIndex(length));
    return number(firstMarker + sizeIndex - leastSizeIndex, 1).number(length, 1 << sizeIndex);
  }

  private static int unsignedSizeIndex(long value) {
    if (value <= 0xff) {
      return 0;
    }
    if (value <= 0xffff) {
      return 1;
    }
    return value <= 0xffff_ffffL ? 2 : 3;
  }

  private static int signedSizeIndex(long value) {
    if (value >= Byte.MIN_VALUE) {
      return 0;
    }
    if (value >= Short.MIN_VALUE) {
      return 1;
    }
    return value >= Integer.MIN_VALUE ? 2 : 3;
  }

  private MsgPackWriter number(long value, int size) {
    for (int i = size - 1; i >= 0; i--) {
      output.write((int) (value >>> (8 * i)));
    }
    return this;
  }

  private MsgPackWriter raw(Bytes value) {
    output.writeBytes(value.toArray());
    return this;
  }
}
