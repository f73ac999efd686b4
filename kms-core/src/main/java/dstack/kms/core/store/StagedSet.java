package dstack.kms.core.store;

import dstack.kms.core.file.FileActions;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Brings a whole set into being by one rename.
 *
 * <p>The set is written into {@code .staging} and made durable there. Renaming {@code .staging} to
 * {@code .committed} is the moment at which the keys exist. Then the files move to where the
 * original reads them, the root keys last; a move that was interrupted goes on at the next start.
 * The directory itself is often a mount point and cannot be renamed.
 */
final class StagedSet {
  private final Path directory;
  private final FileActions actions;

  StagedSet(Path directory, FileActions actions) {
    this.directory = directory;
    this.actions = actions;
  }

  static Path staging(Path directory) {
    return directory.resolve(".staging");
  }

  static Path committed(Path directory) {
    return directory.resolve(".committed");
  }

  boolean isCommitted() {
    return Presence.ofDirectory(committed(directory));
  }

  boolean isStaged() {
    return Presence.ofDirectory(staging(directory));
  }

  /** Writes the set and makes it durable, without anybody being able to see it. */
  void stage(Map<KeyFile, Secret> contents) throws IOException {
    actions.createDirectory(staging(directory));
    try {
      write(contents);
    } catch (IOException e) {
      discard();
      throw e;
    }
  }

  private void write(Map<KeyFile, Secret> contents) throws IOException {
    Path staging = staging(directory);
    for (Map.Entry<KeyFile, Secret> content : contents.entrySet()) {
      Path file = staging.resolve(content.getKey().fileName());
      actions.write(file, content.getValue());
      actions.sync(file);
    }
    actions.sync(staging);
  }

  /** The commit point. */
  void commit() throws IOException {
    actions.rename(staging(directory), committed(directory));
    actions.sync(directory);
  }

  /** Moves what is committed to where it is read, from wherever an earlier attempt stopped. */
  void publish() throws IOException {
    refuseForeignFiles();
    for (KeyFile file : KeyFile.values()) {
      if (!file.isRootKey()) {
        move(file);
      }
    }
    syncBoth();
    move(KeyFile.ROOT_K256_KEY);
    move(KeyFile.ROOT_CA_KEY);
    syncBoth();
    actions.delete(committed(directory));
    actions.sync(directory);
  }

  /** Removes what was staged and never committed. */
  void discard() throws IOException {
    Path staging = staging(directory);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(staging)) {
      for (Path file : files) {
        actions.delete(file);
      }
    }
    actions.delete(staging);
    actions.sync(directory);
  }

  /** Nothing lay here when the set was committed, so what lies here now is somebody else's. */
  private void refuseForeignFiles() {
    for (KeyFile file : KeyFile.values()) {
      if (Presence.of(source(file)) && Presence.of(target(file))) {
        throw new RefusalException(
            StoreRefusal.FOREIGN,
            "there are two sets of keys, one in "
                + directory
                + " and one in "
                + committed(directory)
                + "; move away the one that is not wanted");
      }
    }
  }

  private void move(KeyFile file) throws IOException {
    if (Presence.of(source(file))) {
      actions.rename(source(file), target(file));
    }
  }

  private void syncBoth() throws IOException {
    actions.sync(directory);
    actions.sync(committed(directory));
  }

  private Path source(KeyFile file) {
    return committed(directory).resolve(file.fileName());
  }

  private Path target(KeyFile file) {
    return directory.resolve(file.fileName());
  }
}
