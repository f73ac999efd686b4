package dstack.kms.core.store;

import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * Checks that the directory and the files in it are this user's, no links, and private (T-40).
 *
 * <p>A directory that an earlier version left readable for others is tightened.
 */
final class StoreGuard {
  private final FileActions actions;
  private final IntSupplier owner;

  StoreGuard(FileActions actions, IntSupplier owner) {
    this.actions = actions;
    this.owner = owner;
  }

  /** Checks everything that is there; says what it had to tighten. */
  List<String> check(Path directory) throws IOException {
    List<String> tightened = new ArrayList<>();
    check(directory, "isDirectory", tightened);
    for (KeyFile file : KeyFile.values()) {
      for (String name : List.of(file.fileName(), file.originalsTemporaryName())) {
        Path path = directory.resolve(name);
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
          check(path, "isRegularFile", tightened);
        }
      }
    }
    for (Path staged : List.of(StagedSet.staging(directory), StagedSet.committed(directory))) {
      if (Files.exists(staged, LinkOption.NOFOLLOW_LINKS)) {
        check(staged, "isDirectory", tightened);
      }
    }
    return tightened;
  }

  private void check(Path path, String kind, List<String> tightened) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(
            path,
            "unix:isSymbolicLink,isDirectory,isRegularFile,uid,mode",
            LinkOption.NOFOLLOW_LINKS);
    if (Boolean.TRUE.equals(attributes.get("isSymbolicLink"))) {
      throw unsafe(path, "is a symbolic link");
    }
    if (!Boolean.TRUE.equals(attributes.get(kind))) {
      throw unsafe(path, kind.equals("isDirectory") ? "is no directory" : "is no regular file");
    }
    int expected = owner.getAsInt();
    if (!Integer.valueOf(expected).equals(attributes.get("uid"))) {
      throw unsafe(
          path, "belongs to user " + attributes.get("uid") + ", this process runs as " + expected);
    }
    if (((Integer) attributes.getOrDefault("mode", 0) & 077) != 0) {
      tighten(path);
      tightened.add(path + " could be read by others and is private now");
    }
  }

  private void tighten(Path path) {
    try {
      actions.makePrivate(path);
    } catch (IOException e) {
      throw RefusalException.causedBy(
          StoreRefusal.UNSAFE, path + " can be read by others and cannot be made private", e);
    }
  }

  private static RefusalException unsafe(Path path, String why) {
    return new RefusalException(StoreRefusal.UNSAFE, path + " " + why);
  }
}
