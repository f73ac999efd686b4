package dstack.kms.core.msgpack;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads MessagePack values one after the other.
 *
 * <p>A value of another type than asked for is refused; integers are taken in any width. Lengths
 * and counts are compared with the rest of the input and with the caller's limit before anything is
 * allocated. All refusals carry a {@link MsgPackRefusal}.
 */
public final class MsgPackReader {
  private static final int MAX_DEPTH = 32;

  private final Bytes input;
  private final ByteBuffer cursor;

  /** Starts at the first byte of the input. */
  public MsgPackReader(Bytes input) {
    this.input = input;
    cursor = input.buffer();
  }

  /** How many bytes have been read. */
  public int position() {
    return cursor.position();
  }

  /** How many bytes are left. */
  public int remaining() {
    return cursor.remaining();
  }

  /** The type of the next value, without reading it. */
  public MsgPackType peek() {
    require(1);
    return MsgPackType.of(head());
  }

  /** Reads a nil if there is one, and says whether there was. */
  public boolean readNilIfPresent() {
    if (peek() != MsgPackType.NIL) {
      return false;
    }
    skipBytes(1);
    return true;
  }

  /** A boolean. */
  public boolean readBool() {
    expect(MsgPackType.BOOLEAN);
    return unsigned(1) == 0xc3;
  }

  /** An integer that fits a signed 64-bit number, in any width. */
  public long readInteger() {
    expect(MsgPackType.INTEGER);
    int head = (int) unsigned(1);
    long value =
        switch (head) {
          case 0xcc, 0xcd, 0xce, 0xcf -> unsigned(1 << (head - 0xcc));
          case 0xd0 -> (byte) unsigned(1);
          case 0xd1 -> (short) unsigned(2);
          case 0xd2 -> (int) unsigned(4);
          case 0xd3 -> unsigned(8);
          default -> (byte) head;
        };
    if (head == 0xcf && value < 0) {
      throw outOfRange();
    }
    return value;
  }

  /** An integer from 0 to the given maximum, in any width. */
  public long readUnsigned(long max) {
    long value = readInteger();
    if (value < 0 || value > max) {
      throw outOfRange();
    }
    return value;
  }

  /** A string of at most the given number of bytes, strict UTF-8. */
  public String readString(int maxLength) {
    expect(MsgPackType.STRING);
    return slice(readCount(maxLength, 0xa0, 0x1f, 0xd9, 1))
        .strictUtf8Text()
        .orElseThrow(() -> new RefusalException(MsgPackRefusal.NOT_UTF8, "invalid UTF-8"));
  }

  /** A bin of at most the given length. */
  public Bytes readBinary(int maxLength) {
    expect(MsgPackType.BINARY);
    return slice(readCount(maxLength, -1, 0, 0xc4, 1));
  }

  /** Bytes as a bin or as an array of integers from 0 to 255, at most so many. */
  public Bytes readBytesLenient(int maxLength) {
    return peek() == MsgPackType.ARRAY ? readIntegers(maxLength) : readBinary(maxLength);
  }

  /** Bytes as a bin, as an array of integers from 0 to 255 or as a string, at most so many. */
  public Bytes readBytesOrString(int maxLength) {
    if (peek() == MsgPackType.STRING) {
      return slice(readCount(maxLength, 0xa0, 0x1f, 0xd9, 1));
    }
    return readBytesLenient(maxLength);
  }

  /** The head of an array of at most so many items; the items follow. */
  public int readArrayHeader(int maxCount) {
    expect(MsgPackType.ARRAY);
    return readCount(maxCount, 0x90, 0x0f, 0xdc, 2);
  }

  /** The head of a map of at most so many entries; keys and values follow in turn. */
  public int readMapHeader(int maxEntries) {
    expect(MsgPackType.MAP);
    return readCount(maxEntries, 0x80, 0x0f, 0xde, 2);
  }

  /**
   * A map whose keys are distinct strings of at most 255 bytes. The given action is called for each
   * key and must read or {@linkplain #skipValue skip} the value.
   */
  public void readMap(int maxEntries, Consumer<String> value) {
    int entries = readMapHeader(maxEntries);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < entries; i++) {
      String key = readString(255);
      if (!seen.add(key)) {
        throw new RefusalException(MsgPackRefusal.DUPLICATE_KEY, "duplicate field `" + key + "`");
      }
      value.accept(key);
    }
  }

  /** Passes over one value of any type, nested at most 32 deep. */
  public void skipValue() {
    skipValue(MAX_DEPTH);
  }

  /** Refuses bytes after the last value. */
  public void expectEnd() {
    if (cursor.hasRemaining()) {
      throw new RefusalException(
          MsgPackRefusal.TRAILING_BYTES, "trailing bytes: " + cursor.remaining());
    }
  }

  private void skipValue(int depth) {
    if (depth == 0) {
      throw new RefusalException(MsgPackRefusal.TOO_DEEP, "nested too deep");
    }
    switch (peek()) {
      case NIL, BOOLEAN -> skipBytes(1);
      case INTEGER -> skipBytes(1 + integerSize(head()));
      case FLOAT -> skipBytes(head() == 0xca ? 5 : 9);
      case STRING -> skipBytes(readCount(Integer.MAX_VALUE, 0xa0, 0x1f, 0xd9, 1));
      case BINARY -> skipBytes(readCount(Integer.MAX_VALUE, -1, 0, 0xc4, 1));
      case EXTENSION -> skipExtension();
      case ARRAY -> skipValues(readArrayHeader(Integer.MAX_VALUE), depth - 1);
      case MAP -> skipValues(2L * readMapHeader(Integer.MAX_VALUE), depth - 1);
      case NEVER_USED ->
          throw new RefusalException(MsgPackRefusal.WRONG_TYPE, "invalid type: byte c1");
    }
  }

  private void skipValues(long count, int depth) {
    for (long i = 0; i < count; i++) {
      skipValue(depth);
    }
  }

  private void skipExtension() {
    int head = head();
    int length =
        head >= 0xd4 ? fixed(1 << (head - 0xd4)) : readCount(Integer.MAX_VALUE, -1, 0, 0xc7, 1);
    skipBytes(1);
    skipBytes(length);
  }

  private int fixed(int length) {
    skipBytes(1);
    return length;
  }

  private static int integerSize(int head) {
    boolean inHead = head <= 0x7f || head >= 0xe0;
    return inHead ? 0 : 1 << ((head - 0xcc) & 3);
  }

  private Bytes readIntegers(int maxLength) {
    byte[] bytes = new byte[readArrayHeader(maxLength)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) readUnsigned(255);
    }
    return Bytes.of(bytes);
  }

  /**
   * The length in a head: in the low bits of a head of the given family ({@code fixMask} of them),
   * or after a marker of the given row, whose first member has so many length bytes and each
   * further one twice as many. Everything counted takes at least one byte.
   */
  private int readCount(int max, int fixFamily, int fixMask, int firstMarker, int firstSize) {
    int head = (int) unsigned(1);
    boolean inHead = fixFamily >= 0 && (head & ~fixMask) == fixFamily;
    long count = inHead ? head & fixMask : unsigned(firstSize << (head - firstMarker));
    if (count > max) {
      throw new RefusalException(
          MsgPackRefusal.TOO_LONG, "length " + count + " is above the limit of " + max);
    }
    require(count);
    return (int) count;
  }

  private int head() {
    return Byte.toUnsignedInt(cursor.get(cursor.position()));
  }

  private long unsigned(int size) {
    require(size);
    long value = 0;
    for (int i = 0; i < size; i++) {
      value = value << 8 | Byte.toUnsignedLong(cursor.get());
    }
    return value;
  }

  private Bytes slice(int length) {
    int from = cursor.position();
    skipBytes(length);
    return input.slice(from, from + length);
  }

  private void skipBytes(int length) {
    require(length);
    cursor.position(cursor.position() + length);
  }

  private void expect(MsgPackType type) {
    MsgPackType found = peek();
    if (found != type) {
      throw new RefusalException(
          MsgPackRefusal.WRONG_TYPE, "invalid type: " + name(found) + ", expected " + name(type));
    }
  }

  private static String name(MsgPackType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  private void require(long length) {
    if (length > cursor.remaining()) {
      throw new RefusalException(
          MsgPackRefusal.TRUNCATED,
          "unexpected end of input: need " + length + " bytes, " + cursor.remaining() + " left");
    }
  }

  private static RefusalException outOfRange() {
    return new RefusalException(MsgPackRefusal.OUT_OF_RANGE, "integer out of range");
  }
}
