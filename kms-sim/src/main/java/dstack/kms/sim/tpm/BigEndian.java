package dstack.kms.sim.tpm;

import dstack.kms.core.bytes.Bytes;
import java.nio.ByteBuffer;

/** Numbers and sized buffers as TPMs write them. */
final class BigEndian {
  private BigEndian() {}

  static Bytes u8(int value) {
    return Bytes.of(new byte[] {(byte) value});
  }

  static Bytes u16(int value) {
    return Bytes.of(ByteBuffer.allocate(2).putShort((short) value).array());
  }

  static Bytes u32(long value) {
    return Bytes.of(ByteBuffer.allocate(4).putInt((int) value).array());
  }

  static Bytes u64(long value) {
    return Bytes.of(ByteBuffer.allocate(8).putLong(value).array());
  }

  static Bytes sized(Bytes content) {
    return Bytes.concat(u16(content.length()), content);
  }
}
