package dstack.kms.core.store;

import dstack.kms.core.file.DirectoryLock;
import dstack.kms.core.file.FileChange;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Path;

/** Keeps every other thread and every other process from changing the same directory. */
final class StoreLock {
  private StoreLock() {}

  /** Takes the lock at once or refuses, makes the change, and lets go. */
  static void holding(Path directory, FileChange change) throws IOException {
    try (DirectoryLock _ = DirectoryLock.take(directory, ".lock").orElseThrow(StoreLock::busy)) {
      change.make();
    }
  }

  private static RefusalException busy() {
    return new RefusalException(StoreRefusal.BUSY, "another set-up of this KMS is under way");
  }
}
