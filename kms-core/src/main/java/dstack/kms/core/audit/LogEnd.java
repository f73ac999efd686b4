package dstack.kms.core.audit;

import dstack.kms.core.bytes.Bytes;

/**
 * Where a log ends.
 *
 * @param last the number of the last line, -1 before the first
 * @param hash its hash, or the beginning's
 * @param file the name of the file that it stands in, empty before the first
 * @param size how long that file is
 */
record LogEnd(long last, Bytes hash, String file, long size) {
  static final LogEnd NOTHING = new LogEnd(-1, Chain.BEGINNING, "", 0);

  static LogEnd of(LogScan scan) {
    return scan.head()
        .map(
            head -> {
              LogScan.Part part = scan.parts().getLast();
              return new LogEnd(head.sequence(), head.hash(), part.segment().name(), part.length());
            })
        .orElse(NOTHING);
  }
}
