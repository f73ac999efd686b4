package dstack.kms.image;

import dstack.kms.image.Entry.Directory;
import dstack.kms.image.Entry.File;
import dstack.kms.image.Entry.Link;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * Writes a tree as a POSIX ustar archive: every time is {@link #TIME}, every owner a number without
 * a name, the order that of the paths, so that equal trees are equal bytes.
 */
final class TarWriter {
  /** 2026-01-01T00:00:00Z, as in the jars of the build, in seconds. */
  static final long TIME = 1_767_225_600;

  private static final int BLOCK = 512;
  private static final int NAME = 100;
  private static final int PREFIX = 155;

  private final OutputStream out;

  private TarWriter(OutputStream out) {
    this.out = out;
  }

  /** The whole archive, its two closing blocks included; the stream stays open. */
  static void write(FileTree tree, OutputStream out) throws IOException {
    TarWriter writer = new TarWriter(out);
    for (Map.Entry<String, Entry> each : tree.entries().entrySet()) {
      writer.entry(each.getKey(), each.getValue());
    }
    out.write(new byte[2 * BLOCK]);
  }

  private void entry(String path, Entry entry) throws IOException {
    switch (entry) {
      case Directory it -> out.write(header(path + "/", '5', it.mode(), it.owner(), 0, ""));
      case Link it -> out.write(header(path, '2', 0777, 0, 0, it.target()));
      case File it -> {
        long size = it.content().size();
        out.write(header(path, '0', it.mode(), 0, size, ""));
        it.content().writeTo(out);
        out.write(new byte[(int) (-size & (BLOCK - 1))]);
      }
    }
  }

  private static byte[] header(
      String path, char type, int mode, int owner, long size, String target) {
    byte[] header = new byte[BLOCK];
    int split =
        path.length() <= NAME ? 0 : path.lastIndexOf('/', Math.min(PREFIX, path.length() - 2));
    put(header, 0, NAME, split > 0 ? path.substring(split + 1) : path);
    number(header, 100, 8, mode);
    number(header, 108, 8, owner);
    number(header, 116, 8, owner);
    number(header, 124, 12, size);
    number(header, 136, 12, TIME);
    Arrays.fill(header, 148, 156, (byte) ' ');
    header[156] = (byte) type;
    put(header, 157, NAME, target);
    put(header, 257, 8, "ustar\00000");
    number(header, 329, 8, 0);
    number(header, 337, 8, 0);
    put(header, 345, PREFIX, split > 0 ? path.substring(0, split) : "");
    int sum = 0;
    for (byte each : header) {
      sum += each & 0xff;
    }
    put(header, 148, 8, String.format(Locale.ROOT, "%06o\0 ", sum));
    return header;
  }

  private static void number(byte[] header, int at, int length, long value) {
    String digits = Long.toOctalString(value);
    if (digits.length() >= length) {
      throw new ImageProblem("too large for a tar archive: " + value);
    }
    put(header, at, length, "0".repeat(length - 1 - digits.length()) + digits);
  }

  private static void put(byte[] header, int at, int length, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > length) {
      throw new ImageProblem("too long for a tar archive: " + text);
    }
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}
