package dstack.kms.attest.image.archive;

/**
 * How large an image archive may be; the original has no such limits (specification 17 §9).
 *
 * @param maxBytes of the archive, and of everything in it together
 */
public record ArchiveLimits(long maxBytes) {
  /** Files and folders. */
  static final int MAX_ENTRIES = 64;

  /** How much more than what was read may come out of it, once more than the grace came out. */
  static final int MAX_RATIO = 100;

  /** So much may come out of however little: a firmware is mostly one byte repeated. */
  static final long RATIO_GRACE = 16 << 20;

  /** 2 GiB. */
  public static ArchiveLimits standard() {
    return new ArchiveLimits(2L << 30);
  }
}
