package dstack.kms.attest.device;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dstack.kms.core.bytes.Bytes;

/**
 * Memory outside the heap that a system call reads or writes, zero at first, numbers little-endian;
 * it is overwritten with zeros when it is closed. Not for use by several threads.
 */
public final class NativeBuffer implements AutoCloseable {
  private final Memory memory;

  private NativeBuffer(int size) {
    memory = new Memory(size);
    memory.clear();
  }

  /** So many zero bytes. */
  public static NativeBuffer zeros(int size) {
    return new NativeBuffer(size);
  }

  /** A copy of the bytes. */
  public static NativeBuffer of(Bytes content) {
    NativeBuffer buffer = new NativeBuffer(content.length());
    buffer.put(0, content);
    return buffer;
  }

  /** The size in bytes. */
  public int size() {
    return Math.toIntExact(memory.size());
  }

  /** Where the memory lies; valid until the buffer is closed. */
  public long address() {
    return Pointer.nativeValue(memory);
  }

  /** Writes bytes at the offset. */
  public void put(int offset, Bytes content) {
    memory.write(offset, content.toArray(), 0, content.length());
  }

  /** Writes the lower 32 bits at the offset. */
  public void putU32(int offset, long value) {
    memory.setInt(offset, (int) value);
  }

  /** Writes 64 bits at the offset. */
  public void putU64(int offset, long value) {
    memory.setLong(offset, value);
  }

  /** The unsigned 32 bits at the offset. */
  public long u32(int offset) {
    return Integer.toUnsignedLong(memory.getInt(offset));
  }

  /** The 64 bits at the offset. */
  public long u64(int offset) {
    return memory.getLong(offset);
  }

  /** The bytes {@code from} (inclusive) to {@code to} (exclusive). */
  public Bytes bytes(int from, int to) {
    return Bytes.of(memory.getByteArray(from, to - from));
  }

  Pointer pointer() {
    return memory;
  }

  @Override
  public void close() {
    memory.clear();
    memory.close();
  }
}
