package dstack.kms.core.audit;

import dstack.kms.core.bytes.Bytes;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Reads a file line by line, in bounded memory. */
final class LineReader implements AutoCloseable {
  /** Longer than any line that is ever written. */
  static final int LONGEST = 512 << 10;

  private final InputStream stream;
  private long position;

  LineReader(Path file) throws IOException {
    this(file, 0);
  }

  /** From that place on. */
  LineReader(Path file, long from) throws IOException {
    stream =
        new BufferedInputStream(
            Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS),
            1 << 16);
    stream.skipNBytes(from);
    position = from;
  }

  /**
   * One line, or what is there instead.
   *
   * @param content without the line feed
   * @param ended whether there was one; without it the file ends here, or the line is too long
   * @param offset where it begins
   */
  record Piece(Bytes content, boolean ended, long offset) {}

  /** The next line; empty at the end of the file. */
  Optional<Piece> next() throws IOException {
    long offset = position;
    ByteArrayOutputStream line = new ByteArrayOutputStream(2048);
    while (line.size() < LONGEST) {
      int read = stream.read();
      if (read < 0) {
        return line.size() == 0 ? Optional.empty() : Optional.of(piece(line, false, offset));
      }
      position++;
      if (read == '\n') {
        return Optional.of(piece(line, true, offset));
      }
      line.write(read);
    }
    return Optional.of(piece(line, false, offset));
  }

  private static Piece piece(ByteArrayOutputStream line, boolean ended, long offset) {
    return new Piece(Bytes.of(line.toByteArray()), ended, offset);
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
