package dstack.kms.core.scale;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads SCALE values one after the other and refuses every encoding that is not canonical.
 *
 * <p>Numbers are little-endian. A length is compared with the rest of the input and with the
 * caller's limit before anything is allocated for it. All refusals carry a {@link ScaleRefusal}.
 */
public final class ScaleReader {
  private static final int BIG_INTEGER_MODE = 3;

  private final Bytes input;
  private final ByteBuffer cursor;

  /** Starts at the first byte of the input. */
  public ScaleReader(Bytes input) {
    this.input = input;
    cursor = input.buffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** How many bytes have been read. */
  public int position() {
    return cursor.position();
  }

  /** How many bytes are left. */
  public int remaining() {
    return cursor.remaining();
  }

  /** One byte as a number from 0 to 255. */
  public int readU8() {
    require(1);
    return Byte.toUnsignedInt(cursor.get());
  }

  /** A u32 as a number from 0 to 2^32 − 1. */
  public long readU32() {
    require(Integer.BYTES);
    return Integer.toUnsignedLong(cursor.getInt());
  }

  /** A u64 as its 64 bits: values of 2^63 and above come out negative. */
  public long readU64() {
    require(Long.BYTES);
    return cursor.getLong();
  }

  /** A boolean, {@code 00} or {@code 01}. */
  public boolean readBool() {
    int value = readU8();
    if (value > 1) {
      throw new RefusalException(ScaleRefusal.BAD_BOOLEAN, "invalid boolean: " + value);
    }
    return value == 1;
  }

  /** So many bytes as they stand. */
  public Bytes readFixed(int length) {
    require(length);
    int from = cursor.position();
    cursor.position(from + length);
    return input.slice(from, from + length);
  }

  /** A byte vector of at most the given length. */
  public Bytes readBytes(int maxLength) {
    return readFixed(readLength(maxLength));
  }

  /** A string of at most the given number of bytes, strict UTF-8. */
  public String readString(int maxLength) {
    return readBytes(maxLength)
        .strictUtf8Text()
        .orElseThrow(() -> new RefusalException(ScaleRefusal.NOT_UTF8, "invalid UTF-8"));
  }

  /** An option: {@code 00}, or {@code 01} and then the value that the given read takes. */
  public <T> Optional<T> readOption(Supplier<T> value) {
    int tag = readU8();
    return switch (tag) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(value.get());
      default -> throw new RefusalException(ScaleRefusal.BAD_OPTION, "invalid option: " + tag);
    };
  }

  /**
   * A vector of at most the given number of items, each taken by the given read, which must consume
   * at least one byte.
   */
  public <T> List<T> readVec(int maxCount, Supplier<T> item) {
    int count = readLength(maxCount);
    require(count);
    List<T> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(item.get());
    }
    return List.copyOf(items);
  }

  /** Everything up to the end of the input. */
  public Bytes readRest() {
    return readFixed(remaining());
  }

  /** Refuses bytes after the last value. */
  public void expectEnd() {
    if (cursor.hasRemaining()) {
      throw new RefusalException(
          ScaleRefusal.TRAILING_BYTES, "trailing bytes: " + cursor.remaining());
    }
  }

  private int readLength(int max) {
    long length = readCompact();
    if (length > max) {
      throw new RefusalException(
          ScaleRefusal.TOO_LONG, "length " + length + " is above the limit of " + max);
    }
    return (int) length;
  }

  private long readCompact() {
    int first = readU8();
    int mode = first & 3;
    if (mode == BIG_INTEGER_MODE) {
      return readBigCompact((first >> 2) + 4);
    }
    int size = 1 << mode;
    cursor.position(cursor.position() - 1);
    require(size);
    long value = readLittleEndian(size) >>> 2;
    long leastOfThisSize = mode == 0 ? 0 : 1L << (8 * (size >> 1) - 2);
    if (value < leastOfThisSize) {
      throw notCanonical();
    }
    return value;
  }

  /** No length of 2^63 or more can pass any limit, so the larger sizes are refused unread. */
  private long readBigCompact(int size) {
    if (size > Long.BYTES) {
      throw new RefusalException(ScaleRefusal.TOO_LONG, "length of " + size + " bytes");
    }
    require(size);
    long value = readLittleEndian(size);
    long leastOfThisSize = size == 4 ? 1L << 30 : 1L << (8 * (size - 1));
    if (Long.compareUnsigned(value, leastOfThisSize) < 0) {
      throw notCanonical();
    }
    return value < 0 ? Long.MAX_VALUE : value;
  }

  private long readLittleEndian(int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (long) Byte.toUnsignedInt(cursor.get()) << (8 * i);
    }
    return value;
  }

  private void require(int length) {
    if (length > cursor.remaining()) {
      throw new RefusalException(
          ScaleRefusal.TRUNCATED,
          "unexpected end of input: need " + length + " bytes, " + cursor.remaining() + " left");
    }
  }

  private static RefusalException notCanonical() {
    return new RefusalException(ScaleRefusal.NOT_CANONICAL, "length is not canonical");
  }
}
