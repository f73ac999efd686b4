package dstack.kms.core.store;

import dstack.kms.core.file.FileActions;
import dstack.kms.core.file.PathGuard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Checks that the directory and the files in it are this user's, no links, and private (T-40).
 *
 * <p>A directory that an earlier version left readable for others is tightened.
 */
final class StoreGuard {
  private final PathGuard guard;

  StoreGuard(FileActions actions, IntSupplier owner) {
    guard = new PathGuard(actions, owner, StoreRefusal.UNSAFE);
  }

  /** Checks everything that is there; says what it had to tighten. */
  List<String> check(Path directory) throws IOException {
    List<String> tightened = new ArrayList<>();
    guard.checkDirectory(directory).ifPresent(tightened::add);
    for (KeyFile file : KeyFile.values()) {
      for (String name : List.of(file.fileName(), file.originalsTemporaryName())) {
        Path path = directory.resolve(name);
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
          guard.checkFile(path).ifPresent(tightened::add);
        }
      }
    }
    for (Path staged : List.of(StagedSet.staging(directory), StagedSet.committed(directory))) {
      if (Files.exists(staged, LinkOption.NOFOLLOW_LINKS)) {
        guard.checkDirectory(staged).ifPresent(tightened::add);
      }
    }
    return tightened;
  }
}
