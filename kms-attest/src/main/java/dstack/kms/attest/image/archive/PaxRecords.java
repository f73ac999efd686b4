package dstack.kms.attest.image.archive;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.Optional;

/**
 * What a pax extended header says about the next entry: {@code LENGTH KEY=VALUE\n} each.
 *
 * @param path the name, if it is given
 * @param size the content's length, if it is given
 */
record PaxRecords(Optional<Bytes> path, Optional<Long> size) {
  static final PaxRecords NONE = new PaxRecords(Optional.empty(), Optional.empty());

  private static final int MAX_DIGITS = 12;

  static PaxRecords parse(Bytes content) {
    PaxRecords records = NONE;
    int position = 0;
    while (position < content.length()) {
      int space = indexOf(content, ' ', position);
      long length = number(content.slice(position, space));
      if (length <= space - position + 1 || length > content.length() - position) {
        throw malformed();
      }
      int end = position + (int) length;
      if (content.at(end - 1) != '\n') {
        throw malformed();
      }
      records = records.with(content.slice(space + 1, end - 1));
      position = end;
    }
    return records;
  }

  /** Keys of sparse files change what the content means; all others are of no consequence. */
  private PaxRecords with(Bytes record) {
    int equals = indexOf(record, '=', 0);
    String key = record.slice(0, equals).utf8Text();
    Bytes value = record.slice(equals + 1, record.length());
    if (key.startsWith("GNU.sparse.")) {
      throw ArchiveRefusal.ENTRY.because("image archive contains unsupported entry: sparse file");
    }
    if (key.equals("path") && path.isEmpty()) {
      return new PaxRecords(Optional.of(value), size);
    }
    if (key.equals("size") && size.isEmpty()) {
      return new PaxRecords(path, Optional.of(number(value)));
    }
    if (key.equals("path") || key.equals("size")) {
      throw malformed();
    }
    return this;
  }

  private static int indexOf(Bytes content, char wanted, int from) {
    for (int i = from; i < content.length(); i++) {
      if (content.at(i) == wanted) {
        return i;
      }
    }
    throw malformed();
  }

  private static long number(Bytes digits) {
    if (digits.isEmpty() || digits.length() > MAX_DIGITS) {
      throw malformed();
    }
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.at(i) - '0';
      if (digit < 0 || digit > 9) {
        throw malformed();
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private static RefusalException malformed() {
    return TarHeader.malformed("malformed extended header");
  }
}
