package dstack.kms.core.store;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.file.FileActions;
import dstack.kms.core.secret.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;

/** Changes nothing, whatever is asked of it. */
final class NoFileActions implements FileActions {
  @Override
  public void createDirectory(Path directory) throws IOException {
    throw refused(directory);
  }

  @Override
  public void write(Path file, Secret content) throws IOException {
    throw refused(file);
  }

  @Override
  public void sync(Path fileOrDirectory) throws IOException {
    throw refused(fileOrDirectory);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    throw refused(from);
  }

  @Override
  public void delete(Path fileOrDirectory) throws IOException {
    throw refused(fileOrDirectory);
  }

  @Override
  public void append(Path file, Bytes content) throws IOException {
    throw refused(file);
  }

  @Override
  public void truncate(Path file, long length) throws IOException {
    throw refused(file);
  }

  @Override
  public void makePrivate(Path fileOrDirectory) throws IOException {
    throw refused(fileOrDirectory);
  }

  private static IOException refused(Path path) {
    return new IOException(path + " is only looked at", new ReadOnlyFileSystemException());
  }
}
