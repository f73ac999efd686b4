package dstack.kms.attest.image.store;

import dstack.kms.core.bytes.Bytes;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work folders of processes that ended in the middle of a download. One is taken for abandoned if
 * it was made over an hour ago and nobody holds the lock of its image: a download without a time
 * limit may last longer.
 */
final class AbandonedFolders {
  private static final Logger LOG = LoggerFactory.getLogger(AbandonedFolders.class);
  private static final Duration AGE = Duration.ofHours(1);
  private static final Pattern NAME =
      Pattern.compile(ImageFolders.WORK_FOLDER + "([0-9a-f]{64})-[0-9]+");

  private final ImageFolders folders;

  AbandonedFolders(ImageFolders folders) {
    this.folders = folders;
  }

  /** Removes them. What cannot be removed costs space and nothing else, so it stays. */
  void remove(Instant now) {
    if (!Files.isDirectory(folders.work(), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folders.work())) {
      for (Path folder : all) {
        removeIfAbandoned(folder, now);
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.warn("abandoned downloads cannot be looked for: {}", e.toString());
    }
  }

  private void removeIfAbandoned(Path folder, Instant now) {
    Matcher name = NAME.matcher(folder.getFileName().toString());
    if (!name.matches()) {
      return;
    }
    try {
      Instant made = Files.getLastModifiedTime(folder, LinkOption.NOFOLLOW_LINKS).toInstant();
      if (made.isBefore(now.minus(AGE))) {
        folders.ifFree(Bytes.fromHex(name.group(1)), () -> folders.remove(folder));
      }
    } catch (IOException e) {
      LOG.warn("the abandoned download {} cannot be removed: {}", folder, e.toString());
    }
  }
}
