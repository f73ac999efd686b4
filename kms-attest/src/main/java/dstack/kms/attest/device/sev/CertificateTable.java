package dstack.kms.attest.device.sev;

import dstack.kms.core.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The table of certificates in a buffer that the kernel filled: entries of GUID, offset and length
 * up to one of zeros, then the certificates (specification 16 §3).
 */
final class CertificateTable {
  private static final int ENTRY = 24;
  private static final int OFFSET = 16;
  private static final int LENGTH = 20;

  private CertificateTable() {}

  /**
   * The table without what lies after it; nothing if it has no entry or points out of the buffer.
   */
  static Bytes in(Bytes buffer) {
    ByteBuffer numbers = buffer.buffer().order(ByteOrder.LITTLE_ENDIAN);
    long end = 0;
    for (int at = 0; at + ENTRY <= buffer.length(); at += ENTRY) {
      if (buffer.slice(at, at + ENTRY).isAllZero()) {
        boolean usable = at > 0 && end >= at + ENTRY && end <= buffer.length();
        return usable ? buffer.slice(0, (int) end) : Bytes.EMPTY;
      }
      long offset = Integer.toUnsignedLong(numbers.getInt(at + OFFSET));
      end = Math.max(end, offset + Integer.toUnsignedLong(numbers.getInt(at + LENGTH)));
    }
    return Bytes.EMPTY;
  }
}
