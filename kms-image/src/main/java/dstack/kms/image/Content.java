package dstack.kms.image;

import dstack.kms.core.bytes.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The bytes of one file. */
sealed interface Content {
  long size() throws IOException;

  void writeTo(OutputStream out) throws IOException;

  /** Bytes in memory. */
  record Made(Bytes made) implements Content {
    @Override
    public long size() {
      return made.length();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      out.write(made.toArray());
    }
  }

  /** A file that does not change while the image is made. */
  record OnDisk(Path file) implements Content {
    @Override
    public long size() throws IOException {
      return Files.size(file);
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      Files.copy(file, out);
    }
  }
}
