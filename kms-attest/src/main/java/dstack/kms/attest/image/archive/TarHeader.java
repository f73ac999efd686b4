package dstack.kms.attest.image.archive;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/**
 * One header block of a tar archive: ustar, GNU or the form before both.
 *
 * @param name as bytes, the prefix of ustar included
 * @param type the type flag; 0 of old archives becomes {@code '0'}
 * @param size of the content in bytes
 */
record TarHeader(Bytes name, char type, long size) {
  static final int LENGTH = 512;

  private static final Bytes USTAR = Bytes.fromHex("7573746172003030");
  private static final Bytes GNU = Bytes.fromHex("7573746172202000");
  private static final int CHECKSUM = 148;
  private static final int PREFIX = 345;

  static TarHeader parse(Bytes block) {
    requireChecksum(block);
    Bytes magic = block.slice(257, 265);
    boolean ustar = magic.equals(USTAR);
    if (!ustar && !magic.equals(GNU) && !magic.isAllZero()) {
      throw malformed("unknown form of header");
    }
    Bytes name = text(block, 0, 100);
    Bytes prefix = ustar ? text(block, PREFIX, 155) : Bytes.EMPTY;
    char type = (char) block.at(156);
    return new TarHeader(
        prefix.isEmpty() ? name : Bytes.concat(prefix, Bytes.utf8("/"), name),
        type == 0 ? '0' : type,
        octal(block, 124, 12));
  }

  private static void requireChecksum(Bytes block) {
    long sum = 0;
    for (int i = 0; i < LENGTH; i++) {
      boolean inField = i >= CHECKSUM && i < CHECKSUM + 8;
      sum += inField ? ' ' : block.at(i);
    }
    if (sum != octal(block, CHECKSUM, 8)) {
      throw malformed("wrong checksum of a header");
    }
  }

  private static Bytes text(Bytes block, int from, int length) {
    int end = from;
    while (end < from + length && block.at(end) != 0) {
      end++;
    }
    return block.slice(from, end);
  }

  /** Octal digits, possibly after spaces, ended by a space, a zero byte or the field's end. */
  private static long octal(Bytes block, int from, int length) {
    int at = from;
    while (at < from + length && block.at(at) == ' ') {
      at++;
    }
    long value = 0;
    int first = at;
    while (at < from + length && block.at(at) >= '0' && block.at(at) <= '7') {
      value = value << 3 | block.at(at++) - '0';
    }
    boolean ended = at == from + length || block.at(at) == 0 || block.at(at) == ' ';
    if (at == first || !ended) {
      throw malformed("number that is not octal");
    }
    return value;
  }

  static RefusalException malformed(String text) {
    return ArchiveRefusal.MALFORMED.because("image archive is no tar file: " + text);
  }
}
