package dstack.kms.sim.quote;

import dstack.kms.core.bytes.Bytes;

/** Numbers as quotes carry them: least significant byte first. */
final class LittleEndian {
  private LittleEndian() {}

  static Bytes u16(int value) {
    return Bytes.of(new byte[] {(byte) value, (byte) (value >> 8)});
  }

  static Bytes u32(int value) {
    return Bytes.concat(u16(value), u16(value >> 16));
  }
}
