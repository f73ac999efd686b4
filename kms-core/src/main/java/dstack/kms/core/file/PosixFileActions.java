package dstack.kms.core.file;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.secret.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The real file system. */
public final class PosixFileActions implements FileActions {
  @Override
  public void createDirectory(Path directory) throws IOException {
    Files.createDirectory(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  @Override
  public void write(Path file, Secret content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      content.expose(
          raw -> {
            writeAll(channel, ByteBuffer.wrap(raw));
            return raw.length;
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void append(Path file, Bytes content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.WRITE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS)) {
      ByteBuffer rest = content.buffer();
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    }
  }

  @Override
  public void truncate(Path file, long length) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      channel.truncate(length);
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer content) {
    try {
      while (content.hasRemaining()) {
        channel.write(content);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void sync(Path fileOrDirectory) throws IOException {
    try (FileChannel channel = FileChannel.open(fileOrDirectory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(Path fileOrDirectory) throws IOException {
    Files.delete(fileOrDirectory);
  }

  @Override
  public void makePrivate(Path fileOrDirectory) throws IOException {
    boolean directory = Files.isDirectory(fileOrDirectory, LinkOption.NOFOLLOW_LINKS);
    Files.setPosixFilePermissions(
        fileOrDirectory, PosixFilePermissions.fromString(directory ? "rwx------" : "rw-------"));
  }
}
