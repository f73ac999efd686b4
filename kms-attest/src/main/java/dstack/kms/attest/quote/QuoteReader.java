package dstack.kms.attest.quote;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/** Reads little-endian fields one after the other and never past the end. */
final class QuoteReader {
  /** No length field of a quote may say more than this many bytes. */
  static final int MAX_DATA_LENGTH = 1 << 20;

  private final Bytes input;
  private int position;

  QuoteReader(Bytes input) {
    this.input = input;
  }

  int position() {
    return position;
  }

  Bytes bytes(int length) {
    if (length > input.length() - position) {
      throw new RefusalException(QuoteRefusal.MALFORMED, "Not enough data to fill buffer");
    }
    Bytes field = input.slice(position, position + length);
    position += length;
    return field;
  }

  int u16() {
    Bytes field = bytes(2);
    return field.at(0) | field.at(1) << 8;
  }

  long u32() {
    long low = u16();
    return low | (long) u16() << 16;
  }

  /** The data after a length of four bytes. */
  Bytes dataOfU32() {
    long length = u32();
    if (length > MAX_DATA_LENGTH) {
      throw new RefusalException(QuoteRefusal.MALFORMED, "Data length exceeds maximum");
    }
    return bytes((int) length);
  }

  /** The data after a length of two bytes. */
  Bytes dataOfU16() {
    return bytes(u16());
  }
}
