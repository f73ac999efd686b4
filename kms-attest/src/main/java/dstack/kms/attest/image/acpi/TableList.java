package dstack.kms.attest.image.acpi;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where each ACPI table lies in what the program wrote; of equal names the first counts. */
record TableList(Map<String, TableList.Table> tables) {
  private static final int HEADER = 36;

  TableList {
    tables = Map.copyOf(tables);
  }

  /**
   * One table.
   *
   * @param offset its first byte
   * @param length its bytes, header included
   */
  record Table(int offset, int length) {}

  /** Walks from table to table; the last ends with the blob or is followed by padding. */
  static TableList parse(Bytes blob) {
    ByteBuffer in = blob.buffer().order(ByteOrder.LITTLE_ENDIAN);
    Map<String, Table> found = new LinkedHashMap<>();
    int offset = 0;
    while (blob.length() - offset >= HEADER && !found.keySet().containsAll(TableLoader.NEEDED)) {
      byte[] signature = new byte[4];
      in.get(offset, signature);
      int length = in.getInt(offset + 4);
      if (length < HEADER || length > blob.length() - offset) {
        throw malformed("table at offset " + offset + " has the length " + length);
      }
      found.putIfAbsent(
          new String(signature, StandardCharsets.ISO_8859_1), new Table(offset, length));
      offset += length;
    }
    return new TableList(found);
  }

  Table get(String signature) {
    Table table = tables.get(signature);
    if (table == null) {
      throw malformed("table not found: " + signature);
    }
    return table;
  }

  private static RefusalException malformed(String text) {
    return AcpiRefusal.TABLES.because("the ACPI tables program wrote no tables: " + text);
  }
}
