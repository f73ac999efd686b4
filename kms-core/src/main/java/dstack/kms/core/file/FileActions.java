package dstack.kms.core.file;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.secret.Secret;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Every way in which this program's own folders change the file system; each method is one step
 * that a crash may come before or after.
 */
public interface FileActions {
  /** Makes a directory of mode 0700 that does not exist yet. */
  void createDirectory(Path directory) throws IOException;

  /** Writes a file of mode 0600 that does not exist yet; not yet durable. */
  void write(Path file, Secret content) throws IOException;

  /** Writes behind what an existing file has; not yet durable, and on failure perhaps in part. */
  void append(Path file, Bytes content) throws IOException;

  /** Shortens an existing file to so many bytes; not yet durable. */
  void truncate(Path file, long length) throws IOException;

  /** Makes a file's content, or a directory's entries, durable. */
  void sync(Path fileOrDirectory) throws IOException;

  /** Renames in one step, replacing a file of that name. */
  void rename(Path from, Path to) throws IOException;

  /** Removes a file or an empty directory. */
  void delete(Path fileOrDirectory) throws IOException;

  /** Takes every permission away from group and others. */
  void makePrivate(Path fileOrDirectory) throws IOException;

  /** How much room the volume of a directory has; the one step that changes nothing. */
  default Room room(Path directory) throws IOException {
    return Room.of(directory);
  }
}
