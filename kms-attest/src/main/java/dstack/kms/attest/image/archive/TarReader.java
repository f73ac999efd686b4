package dstack.kms.attest.image.archive;

import dstack.kms.core.bytes.Bytes;
import java.util.Optional;

/**
 * Reads a tar stream entry by entry: ustar, GNU long names, pax names and sizes. Anything that is
 * neither a regular file nor a folder is refused.
 */
final class TarReader {
  private static final int MAX_META = 64 << 10;
  private static final int MAX_HEADERS = 8 * ArchiveLimits.MAX_ENTRIES;

  private final UnpackedInput in;
  private final byte[] buffer = new byte[1 << 16];
  private long rest;
  private long padding;
  private int headers;

  TarReader(UnpackedInput in) {
    this.in = in;
  }

  /**
   * One entry; its content is read with {@link TarReader#readContent}.
   *
   * @param isFolder whether it is a folder, which has no content
   */
  record Entry(EntryPath path, boolean isFolder) {}

  /** What is read into the buffer: the content comes piece by piece. */
  interface Piece {
    void take(byte[] bytes, int length);
  }

  /** The next entry; empty behind the two blocks of zeros that end every archive. */
  Optional<Entry> next() {
    readContent((_, _) -> {});
    Optional<Bytes> longName = Optional.empty();
    PaxRecords pax = PaxRecords.NONE;
    while (true) {
      Bytes block = block();
      if (block.isAllZero()) {
        requireEnd();
        return Optional.empty();
      }
      TarHeader header = TarHeader.parse(block);
      begin(header.size());
      switch (header.type()) {
        case 'L' -> longName = Optional.of(withoutEnd(meta()));
        case 'x' -> pax = PaxRecords.parse(meta());
        default -> {
          Bytes name = pax.path().orElse(longName.orElse(header.name()));
          begin(pax.size().orElse(header.size()));
          return Optional.of(entry(name, header.type()));
        }
      }
    }
  }

  private Entry entry(Bytes name, char type) {
    boolean folder = type == '5';
    EntryPath path = EntryPath.parse(name, folder);
    if (!folder && type != '0') {
      throw ArchiveRefusal.ENTRY.because(
          "image archive contains unsupported entry " + EntryPath.printable(name));
    }
    if (folder && rest > 0) {
      throw TarHeader.malformed("folder with content");
    }
    return new Entry(path, folder);
  }

  /** Hands out what is left of the current entry, then skips its padding. */
  void readContent(Piece piece) {
    while (rest > 0) {
      int length = (int) Math.min(rest, buffer.length);
      readFully(length);
      piece.take(buffer, length);
      rest -= length;
    }
    readFully((int) padding);
    padding = 0;
  }

  private void begin(long size) {
    rest = size;
    padding = -size & (TarHeader.LENGTH - 1);
    if (++headers > MAX_HEADERS) {
      throw ArchiveRefusal.LIMIT.because("image archive has too many headers");
    }
  }

  private Bytes meta() {
    if (rest > MAX_META) {
      throw ArchiveRefusal.LIMIT.because("image archive has an extended header over 64 KiB");
    }
    byte[] content = new byte[(int) rest];
    int[] at = {0};
    readContent(
        (bytes, length) -> {
          System.arraycopy(bytes, 0, content, at[0], length);
          at[0] += length;
        });
    return Bytes.of(content);
  }

  /** A GNU long name ends with one zero byte. */
  private static Bytes withoutEnd(Bytes name) {
    boolean ended = !name.isEmpty() && name.at(name.length() - 1) == 0;
    return ended ? name.slice(0, name.length() - 1) : name;
  }

  private Bytes block() {
    readFully(TarHeader.LENGTH);
    return Bytes.of(buffer, 0, TarHeader.LENGTH);
  }

  /** Nothing but zeros may follow: what one reader overlooks, another would unpack. */
  private void requireEnd() {
    if (!block().isAllZero()) {
      throw TarHeader.malformed("single block of zeros");
    }
    int length = in.read(buffer, buffer.length);
    while (length > 0) {
      if (!Bytes.of(buffer, 0, length).isAllZero()) {
        throw TarHeader.malformed("something follows its end");
      }
      length = in.read(buffer, buffer.length);
    }
  }

  private void readFully(int length) {
    if (in.read(buffer, length) != length) {
      throw TarHeader.malformed("it ends early");
    }
  }
}
