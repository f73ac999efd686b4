package dstack.kms.attest.image.archive;

import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of an archive as they come in, counted and limited.
 *
 * <p>The gzip reader of the JDK asks {@link #available()} whether another member follows; a network
 * stream answers that with what has arrived, this one with what there is.
 */
final class CompressedInput extends InputStream {
  private final InputStream source;
  private final long limit;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int filled;
  private long count;

  CompressedInput(InputStream source, long limit) {
    this.source = source;
    this.limit = limit;
  }

  long count() {
    return count;
  }

  @Override
  public int read() throws IOException {
    return available() == 0 ? -1 : Byte.toUnsignedInt(buffer[position++]);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int available = available();
    if (available == 0) {
      return length == 0 ? 0 : -1;
    }
    int taken = Math.min(length, available);
    System.arraycopy(buffer, position, target, offset, taken);
    position += taken;
    return taken;
  }

  /** Waits for more if nothing is at hand; 0 only at the end. */
  @Override
  public int available() throws IOException {
    if (position == filled) {
      position = 0;
      filled = Math.max(0, source.read(buffer));
      count += filled;
      if (count > limit) {
        throw ArchiveRefusal.LIMIT.because("image archive is larger than " + limit + " bytes");
      }
    }
    return filled - position;
  }
}
