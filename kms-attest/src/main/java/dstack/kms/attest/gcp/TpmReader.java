package dstack.kms.attest.gcp;

import dstack.kms.core.bytes.Bytes;
import java.nio.ByteBuffer;

/** Reads TPM structures: big-endian, counts of bytes before the bytes, nothing beyond the end. */
final class TpmReader {
  private final ByteBuffer cursor;
  private final GcpRefusal code;
  private final String tooShort;

  /** A reader that refuses with the code and the text where the input ends early. */
  TpmReader(Bytes input, GcpRefusal code, String tooShort) {
    this.cursor = input.buffer();
    this.code = code;
    this.tooShort = tooShort;
  }

  int u8() {
    require(1);
    return Byte.toUnsignedInt(cursor.get());
  }

  int u16() {
    require(2);
    return Short.toUnsignedInt(cursor.getShort());
  }

  long u32() {
    require(4);
    return Integer.toUnsignedLong(cursor.getInt());
  }

  /** An unsigned number of 64 bits in a signed long. */
  long u64() {
    require(8);
    return cursor.getLong();
  }

  Bytes take(int length) {
    require(length);
    byte[] taken = new byte[length];
    cursor.get(taken);
    return Bytes.of(taken);
  }

  /** A TPM2B: a u16 length and so many bytes. */
  Bytes sized() {
    return take(u16());
  }

  /** What was not read yet. */
  Bytes rest() {
    return take(cursor.remaining());
  }

  private void require(int length) {
    if (cursor.remaining() < length) {
      throw code.because(tooShort);
    }
  }
}
