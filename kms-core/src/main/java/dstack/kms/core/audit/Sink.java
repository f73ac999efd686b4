package dstack.kms.core.audit;

import dstack.kms.core.file.FileActions;
import dstack.kms.core.file.Room;
import dstack.kms.core.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** One directory that takes lines. Used by one thread at a time. */
final class Sink {
  private final Path directory;
  private final FileActions actions;

  /** The number of the last durable line, and how long the file is that it ends. */
  private long last;

  private long size;

  /**
   * @param last the number of the last durable line, -1 before the first
   * @param size the length of the last file
   */
  Sink(Path directory, FileActions actions, long last, long size) {
    this.directory = directory;
    this.actions = actions;
    this.last = last;
    this.size = size;
  }

  Path directory() {
    return directory;
  }

  long last() {
    return last;
  }

  /** How much room there is. */
  Room room() throws IOException {
    return actions.room(directory);
  }

  /** Makes the lines durable. */
  void take(Batch batch) throws SinkFailure {
    write(batch);
    try {
      actions.sync(directory.resolve(batch.file()));
      if (batch.begins()) {
        actions.sync(directory);
      }
    } catch (IOException e) {
      // What a failed sync leaves nobody can know, not even by reading it.
      throw new SinkFailure(false, e);
    }
    last = batch.head().sequence();
    size = (batch.begins() ? 0 : size) + batch.content().length();
  }

  private void write(Batch batch) throws SinkFailure {
    Path file = directory.resolve(batch.file());
    try {
      if (batch.begins()) {
        try (Secret content = Secret.takeOver(batch.content().toArray())) {
          actions.write(file, content);
        }
      } else {
        requireUntouched(file);
        actions.append(file, batch.content());
      }
    } catch (IOException e) {
      throw new SinkFailure(true, e);
    }
  }

  /** Nobody else may have written, or the file would not be what its lines say. */
  private void requireUntouched(Path file) throws IOException, SinkFailure {
    long found = Files.size(file);
    if (found != size) {
      throw new SinkFailure(
          false, new IOException(file + " has " + found + " bytes and should have " + size));
    }
  }

  /** Takes back what an attempt to write those lines left, so that it can be made again. */
  void undo(Batch batch) throws SinkFailure {
    Path file = directory.resolve(batch.file());
    try {
      if (!batch.begins()) {
        actions.truncate(file, size);
      } else if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        actions.delete(file);
      }
    } catch (IOException e) {
      throw new SinkFailure(true, e);
    }
  }

  /** Writes down how far the log has come. */
  void checkpoint(Checkpoint checkpoint) throws IOException {
    CheckpointFile.write(directory, actions, checkpoint);
  }
}
