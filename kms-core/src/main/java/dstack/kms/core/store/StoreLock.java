package dstack.kms.core.store;

import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps every other thread and every other process from changing the same directory.
 *
 * <p>The operating system's lock belongs to the process and is lost as soon as the process closes
 * the file anywhere, so that the process first has to know by itself that it holds it.
 */
final class StoreLock {
  /** The directories that this process holds. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private StoreLock() {}

  /** Takes the lock at once or refuses, makes the change, and lets go. */
  static void holding(Path directory, FileChange change) throws IOException {
    Path held = directory.toRealPath();
    if (!HELD.add(held)) {
      throw busy();
    }
    try (FileChannel channel = open(held.resolve(".lock"))) {
      if (channel.tryLock() == null) {
        throw busy();
      }
      change.make();
    } finally {
      HELD.remove(held);
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private static RefusalException busy() {
    return new RefusalException(StoreRefusal.BUSY, "another set-up of this KMS is under way");
  }
}
