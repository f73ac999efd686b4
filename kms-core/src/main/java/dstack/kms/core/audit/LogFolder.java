package dstack.kms.core.audit;

import dstack.kms.core.file.DirectoryLadder;
import dstack.kms.core.file.DirectoryLock;
import dstack.kms.core.file.FileActions;
import dstack.kms.core.file.PathGuard;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One directory of a log before it takes lines. */
final class LogFolder {
  private static final Logger LOG = LoggerFactory.getLogger(LogFolder.class);

  private final Path directory;
  private final FileActions actions;

  LogFolder(Path directory, FileActions actions) {
    this.directory = directory;
    this.actions = actions;
  }

  Path directory() {
    return directory;
  }

  /** Makes it if need be, checks whose it and its files are, and keeps everybody else out. */
  DirectoryLock secure(PathGuard guard) throws IOException {
    DirectoryLadder.make(directory, actions);
    guard.checkDirectory(directory).ifPresent(LOG::warn);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "audit*")) {
      for (Path file : files) {
        guard.checkFile(file).ifPresent(LOG::warn);
      }
    }
    return DirectoryLock.take(directory, ".audit-lock")
        .orElseThrow(
            () ->
                new RefusalException(
                    AuditRefusal.BUSY, "another server writes the audit log in " + directory));
  }

  List<Segment> segments() throws IOException {
    return Segment.in(directory);
  }

  Optional<Checkpoint> checkpoint() throws IOException {
    return Checkpoint.read(directory);
  }

  /** Moves the torn end of a file into a file of its own, of which it says the name. */
  String setAside(LogScan.Part torn) throws IOException {
    Path file = torn.segment().file();
    Path aside = freeName(torn.segment().name());
    FileRange.copy(file, torn.length(), Files.size(file), aside, actions);
    actions.sync(directory);
    if (torn.length() == 0) {
      actions.delete(file);
    } else {
      actions.truncate(file, torn.length());
      actions.sync(file);
    }
    actions.sync(directory);
    LOG.warn("audit log: a line that a crash cut off was moved to {}", aside);
    return aside.getFileName().toString();
  }

  private Path freeName(String name) {
    int number = 1;
    while (Files.exists(directory.resolve(name + '.' + number + ".torn"))) {
      number++;
    }
    return directory.resolve(name + '.' + number + ".torn");
  }

  /** Takes what it lacks from a longer copy of the same log. */
  void complete(LogScan own, LogScan longer) throws IOException {
    removeUnfinished();
    for (LogScan.Part part : LogCopy.missing(own, longer)) {
      Path target = directory.resolve(part.segment().name());
      Path fresh = directory.resolve(part.segment().name() + ".new");
      FileRange.copy(part.segment().file(), 0, part.length(), fresh, actions);
      actions.rename(fresh, target);
      actions.sync(directory);
    }
  }

  private void removeUnfinished() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "audit-*.new")) {
      for (Path file : files) {
        actions.delete(file);
      }
    }
  }
}
