package dstack.kms.core.audit;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.file.FileActions;
import dstack.kms.core.secret.Secret;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Parts of files, in bounded memory. */
final class FileRange {
  private static final int CHUNK = 1 << 20;

  private FileRange() {}

  /** Copies the bytes between two places into a new file, durably. */
  static void copy(Path source, long from, long to, Path target, FileActions actions)
      throws IOException {
    try (Secret nothing = Secret.takeOver(new byte[0])) {
      actions.write(target, nothing);
    }
    try (InputStream stream = open(source)) {
      stream.skipNBytes(from);
      for (long left = to - from; left > 0; ) {
        byte[] chunk = exactly(stream, left);
        actions.append(target, Bytes.of(chunk));
        left -= chunk.length;
      }
    }
    actions.sync(target);
  }

  /** Whether both files begin with the same so many bytes. */
  static boolean same(Path one, Path other, long length) throws IOException {
    try (InputStream first = open(one);
        InputStream second = open(other)) {
      for (long left = length; left > 0; ) {
        byte[] chunk = exactly(first, left);
        if (!Arrays.equals(chunk, exactly(second, left))) {
          return false;
        }
        left -= chunk.length;
      }
      return true;
    }
  }

  private static InputStream open(Path file) throws IOException {
    return new BufferedInputStream(
        Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
  }

  private static byte[] exactly(InputStream stream, long left) throws IOException {
    int wanted = (int) Math.min(left, CHUNK);
    byte[] chunk = stream.readNBytes(wanted);
    if (chunk.length < wanted) {
      throw new EOFException("a file became shorter while it was read");
    }
    return chunk;
  }
}
