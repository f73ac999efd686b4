package dstack.kms.core.store;

import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Looks whether something is there. What cannot be looked at is refused: a failing disk must not
 * pass for an empty one, or new keys would take the place of those on it.
 */
final class Presence {
  private Presence() {}

  /** Whether anything of that name is there, also a link that leads nowhere. */
  static boolean of(Path path) {
    return attributes(path).isPresent();
  }

  /** Whether a directory is there. */
  static boolean ofDirectory(Path path) {
    return attributes(path).filter(BasicFileAttributes::isDirectory).isPresent();
  }

  private static Optional<BasicFileAttributes> attributes(Path path) {
    try {
      return Optional.of(
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw RefusalException.causedBy(StoreRefusal.FAILED, "cannot look for " + path, e);
    }
  }
}
