package dstack.kms.attest.image.measure;

import dstack.kms.core.bytes.Bytes;
import java.nio.ByteBuffer;

/**
 * A file of which nothing is known, read at offsets that it may name itself: numbers are
 * little-endian, and whatever does not lie inside is refused.
 */
final class BoundedFile {
  private final Bytes content;
  private final ByteBuffer view;
  private final MeasureRefusal code;
  private final String what;

  BoundedFile(Bytes content, MeasureRefusal code, String what) {
    this.content = content;
    this.view = content.buffer();
    this.code = code;
    this.what = what;
  }

  int length() {
    return content.length();
  }

  int u8(long offset) {
    return content.at(at(offset, 1));
  }

  int u16(long offset) {
    int at = at(offset, 2);
    return content.at(at) | content.at(at + 1) << 8;
  }

  long u32(long offset) {
    int at = at(offset, 4);
    return u16(at) | (long) u16(at + 2L) << 16;
  }

  /** Eight bytes as a signed number: what has its highest bit set comes out negative. */
  long u64(long offset) {
    int at = at(offset, 8);
    return u32(at) | u32(at + 4L) << 32;
  }

  Bytes bytes(long offset, long length) {
    int at = at(offset, length);
    return content.slice(at, at + (int) length);
  }

  /** A view of a part, to be hashed without a copy. */
  ByteBuffer part(long offset, long length) {
    return view.slice(at(offset, length), (int) length);
  }

  private int at(long offset, long length) {
    if (offset < 0 || length < 0 || length > content.length() - offset) {
      throw code.because(what + " refers to bytes outside of itself");
    }
    return (int) offset;
  }
}
