package dstack.kms.core.audit;

import dstack.kms.core.file.Room;

/**
 * The room on a volume that refusals may not take (T-45): whoever is denied can ask again for ever,
 * and where the log has no room nothing is released.
 *
 * <p>256 MiB are the lines of some 150,000 releases: weeks in which somebody can make room, and
 * more than the keys and certificates ever take that usually lie on the same volume. A small volume
 * keeps a quarter of itself.
 */
public final class AuditReserve {
  private static final long MOST = 256L << 20;
  private static final int PART = 4;

  private AuditReserve() {}

  /** The reserve of a volume, in bytes. */
  public static long of(Room room) {
    return Math.min(MOST, room.total() / PART);
  }

  /** Whether only what must be recorded may still be. */
  public static boolean isReached(Room room) {
    return room.free() < of(room);
  }
}
