package dstack.kms.core.scale;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dstack.kms.core.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Writes SCALE values one after the other in the canonical encoding. */
public final class ScaleWriter {
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  /** One byte. */
  @CanIgnoreReturnValue
  public ScaleWriter writeU8(int value) {
    return writeLittleEndian(value, 1);
  }

  /** A u32, little-endian; the value is taken modulo 2^32. */
  @CanIgnoreReturnValue
  public ScaleWriter writeU32(long value) {
    return writeLittleEndian(value, Integer.BYTES);
  }

  /** A u64, little-endian, from its 64 bits. */
  @CanIgnoreReturnValue
  public ScaleWriter writeU64(long value) {
    return writeLittleEndian(value, Long.BYTES);
  }

  /** A boolean. */
  @CanIgnoreReturnValue
  public ScaleWriter writeBool(boolean value) {
    return writeU8(value ? 1 : 0);
  }

  /** The bytes as they stand, without their length. */
  @CanIgnoreReturnValue
  public ScaleWriter writeFixed(Bytes value) {
    output.writeBytes(value.toArray());
    return this;
  }

  /** A byte vector: its length, then the bytes. */
  @CanIgnoreReturnValue
  public ScaleWriter writeBytes(Bytes value) {
    return writeLength(value.length()).writeFixed(value);
  }

  /** A string as the vector of its UTF-8 bytes. */
  @CanIgnoreReturnValue
  public ScaleWriter writeString(String value) {
    return writeBytes(Bytes.utf8(value));
  }

  /** An option; a value that is there is written by the given write. */
  @CanIgnoreReturnValue
  public <T> ScaleWriter writeOption(Optional<T> value, Consumer<T> write) {
    writeBool(value.isPresent());
    value.ifPresent(write);
    return this;
  }

  /** A vector: the number of items, then each item by the given write. */
  @CanIgnoreReturnValue
  public <T> ScaleWriter writeVec(List<T> items, Consumer<T> write) {
    writeLength(items.size());
    items.forEach(write);
    return this;
  }

  /** A compact length in its shortest form. */
  @CanIgnoreReturnValue
  public ScaleWriter writeLength(int length) {
    if (length < 0) {
      throw new IllegalArgumentException("negative length");
    }
    long value = Integer.toUnsignedLong(length);
    if (value < 1L << 6) {
      return writeLittleEndian(value << 2, 1);
    }
    if (value < 1L << 14) {
      return writeLittleEndian(value << 2 | 1, 2);
    }
    if (value < 1L << 30) {
      return writeLittleEndian(value << 2 | 2, 4);
    }
    return writeU8(3).writeU32(value);
  }

  /** Everything written so far. */
  public Bytes toBytes() {
    return Bytes.of(output.toByteArray());
  }

  private ScaleWriter writeLittleEndian(long value, int size) {
    for (int i = 0; i < size; i++) {
      output.write((int) (value >>> (8 * i)));
    }
    return this;
  }
}
