package dstack.kms.attest.image.archive;

import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** The tar stream inside an archive: what comes out is counted before anybody gets it. */
final class UnpackedInput {
  private final CompressedInput compressed;
  private final InputStream gzip;
  private final long limit;
  private long count;

  UnpackedInput(InputStream archive, ArchiveLimits limits) {
    this.compressed = new CompressedInput(archive, limits.maxBytes());
    this.limit = limits.maxBytes();
    try {
      this.gzip = new GZIPInputStream(compressed, 1 << 16);
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /** Reads up to the length; less only at the end. */
  int read(byte[] target, int length) {
    if (Thread.currentThread().isInterrupted()) {
      throw ArchiveRefusal.FOLDER.because("unpacking was interrupted");
    }
    try {
      int read = gzip.readNBytes(target, 0, length);
      count += read;
      requireWithinLimits();
      return read;
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  private void requireWithinLimits() {
    if (count > limit) {
      throw ArchiveRefusal.LIMIT.because("image archive unpacks to more than " + limit + " bytes");
    }
    if (count > ArchiveLimits.RATIO_GRACE && count / ArchiveLimits.MAX_RATIO > compressed.count()) {
      throw ArchiveRefusal.LIMIT.because(
          "image archive unpacks to more than " + ArchiveLimits.MAX_RATIO + " times its own size");
    }
  }

  private static RefusalException malformed(IOException e) {
    return RefusalException.causedBy(
        ArchiveRefusal.MALFORMED, "image archive is no complete gzip file", e);
  }
}
