package dstack.kms.attest.image.archive;

import dstack.kms.core.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** Writes tar archives of any kind, honest or not. */
public final class TarBuilder {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A regular file of ustar. */
  public TarBuilder file(String name, Bytes content) {
    return entry(name, '0', content.length(), content, "ustar\00000", "");
  }

  /** An entry without content. */
  TarBuilder special(String name, char type, String link) {
    return entry(name, type, 0, Bytes.EMPTY, "ustar\00000", link);
  }

  /** A GNU header whose content is the next entry's name. */
  TarBuilder gnuLongName(String name) {
    Bytes content = Bytes.utf8(name + "\0");
    return entry("././@LongLink", 'L', content.length(), content, "ustar  \0", "");
  }

  /** A pax header with these records. */
  TarBuilder pax(String records) {
    return entry("pax", 'x', Bytes.utf8(records).length(), Bytes.utf8(records), "ustar\00000", "");
  }

  /** One pax record with its right length. */
  static String record(String key, String value) {
    int rest = (" " + key + "=" + value + "\n").getBytes(StandardCharsets.UTF_8).length;
    int length = rest + 1;
    while (Integer.toString(length).length() + rest != length) {
      length++;
    }
    return length + " " + key + "=" + value + "\n";
  }

  /** Any entry; the stated size need not be the content's. */
  TarBuilder entry(String name, char type, long size, Bytes content, String magic, String link) {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 100, "0000644\0" + "0000000\0" + "0000000\0");
    put(header, 124, String.format("%011o\0", size));
    put(header, 136, "00000000000\0");
    header[156] = (byte) type;
    put(header, 157, link);
    put(header, 257, magic);
    return raw(withChecksum(header)).padded(content);
  }

  /** A finished header block. */
  TarBuilder raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  private TarBuilder padded(Bytes content) {
    out.writeBytes(content.toArray());
    out.writeBytes(new byte[-content.length() & 511]);
    return this;
  }

  static byte[] withChecksum(byte[] header) {
    Arrays.fill(header, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : header) {
      sum += Byte.toUnsignedInt(b);
    }
    put(header, 148, String.format("%06o\0 ", sum));
    return header;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  /** The tar so far, without an end. */
  byte[] unended() {
    return out.toByteArray();
  }

  /** The tar with its end. */
  byte[] tar() {
    return Arrays.copyOf(out.toByteArray(), out.size() + 1024);
  }

  /** The archive. */
  public byte[] archive() {
    return gzip(tar());
  }

  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return zipped.toByteArray();
  }
}
