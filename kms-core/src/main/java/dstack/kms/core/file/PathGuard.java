package dstack.kms.core.file;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Checks that a path is this user's, no link, and private (T-40). What others can read is
 * tightened.
 */
public final class PathGuard {
  private final FileActions actions;
  private final IntSupplier owner;
  private final RefusalCode unsafe;

  /**
   * @param owner the user that everything must belong to
   * @param unsafe what to refuse with
   */
  public PathGuard(FileActions actions, IntSupplier owner, RefusalCode unsafe) {
    this.actions = actions;
    this.owner = owner;
    this.unsafe = unsafe;
  }

  /** Checks a directory that is there; says what it had to tighten. */
  public Optional<String> checkDirectory(Path directory) throws IOException {
    return check(directory, "isDirectory");
  }

  /** Checks a file that is there; says what it had to tighten. */
  public Optional<String> checkFile(Path file) throws IOException {
    return check(file, "isRegularFile");
  }

  private Optional<String> check(Path path, String kind) throws IOException {
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
    if (((Integer) attributes.getOrDefault("mode", 0) & 077) == 0) {
      return Optional.empty();
    }
    tighten(path);
    return Optional.of(path + " could be read by others and is private now");
  }

  private void tighten(Path path) {
    try {
      actions.makePrivate(path);
    } catch (IOException e) {
      throw RefusalException.causedBy(
          unsafe, path + " can be read by others and cannot be made private", e);
    }
  }

  private RefusalException unsafe(Path path, String why) {
    return new RefusalException(unsafe, path + " " + why);
  }
}
