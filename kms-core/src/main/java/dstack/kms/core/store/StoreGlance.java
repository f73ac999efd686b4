package dstack.kms.core.store;

import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Reads a store that another node may be using: nothing is made, completed, tightened or locked.
 */
final class StoreGlance {
  /** A look needs no domain, and a store may have been made with a configured one. */
  private static final Optional<String> ANY_DOMAIN = Optional.of("");

  private StoreGlance() {}

  static StoredState at(Path directory, IntSupplier owner) {
    if (new StagedSet(directory, new NoFileActions()).isCommitted()) {
      throw new RefusalException(
          StoreRefusal.BUSY,
          "a set-up in " + directory + " is not complete; start its own node to complete it");
    }
    boolean keys = has(directory, KeyFile.ROOT_CA_KEY) && has(directory, KeyFile.ROOT_K256_KEY);
    if (!keys) {
      return new StoredState.Empty();
    }
    requireSafe(directory, owner);
    return new StoreReader(directory).read(ANY_DOMAIN);
  }

  private static void requireSafe(Path directory, IntSupplier owner) {
    try {
      new StoreGuard(new NoFileActions(), owner).check(directory);
    } catch (IOException e) {
      throw RefusalException.causedBy(StoreRefusal.FAILED, "cannot look at " + directory, e);
    }
  }

  private static boolean has(Path directory, KeyFile file) {
    return Presence.of(directory.resolve(file.fileName()));
  }
}
