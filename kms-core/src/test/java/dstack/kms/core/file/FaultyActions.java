package dstack.kms.core.file;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.secret.Secret;
import java.io.IOException;
import java.nio.file.Path;

/** A file system whose n-th change fails once, as a full or broken disk would. */
public final class FaultyActions implements FileActions {
  private final FileActions real;
  private int remaining;

  public FaultyActions(FileActions real, int failing) {
    this.real = real;
    remaining = failing;
  }

  private void step() throws IOException {
    if (--remaining == 0) {
      throw new IOException("No space left on device");
    }
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    step();
    real.createDirectory(directory);
  }

  @Override
  public void write(Path file, Secret content) throws IOException {
    step();
    real.write(file, content);
  }

  @Override
  public void append(Path file, Bytes content) throws IOException {
    step();
    real.append(file, content);
  }

  @Override
  public void truncate(Path file, long length) throws IOException {
    step();
    real.truncate(file, length);
  }

  @Override
  public void sync(Path fileOrDirectory) throws IOException {
    step();
    real.sync(fileOrDirectory);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    step();
    real.rename(from, to);
  }

  @Override
  public void delete(Path fileOrDirectory) throws IOException {
    step();
    real.delete(fileOrDirectory);
  }

  @Override
  public void makePrivate(Path fileOrDirectory) throws IOException {
    step();
    real.makePrivate(fileOrDirectory);
  }
}
