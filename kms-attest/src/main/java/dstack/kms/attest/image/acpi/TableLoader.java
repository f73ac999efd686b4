package dstack.kms.attest.image.acpi;

import dstack.kms.core.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The commands by which firmware puts ACPI tables into place, 128 bytes each. */
final class TableLoader {
  /** The tables that the commands are about. */
  static final List<String> NEEDED = List.of("DSDT", "FACP", "APIC", "MCFG", "WAET", "RSDT");

  private static final String TABLES = "etc/acpi/tables";
  private static final String RSDP = "etc/acpi/rsdp";
  private static final int LENGTH = 4096;
  private static final int COMMAND = 128;
  private static final int NAME = 56;
  private static final int CHECKSUM = 9;

  private final ByteBuffer out = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);

  private TableLoader() {}

  static Bytes commands(TableList list) {
    TableLoader loader = new TableLoader();
    loader.allocate(RSDP, 16, 2);
    loader.allocate(TABLES, 64, 1);
    loader.checksum(list.get("DSDT"));
    int facp = list.get("FACP").offset();
    loader.pointer(TABLES, facp + 36, 4);
    loader.pointer(TABLES, facp + 40, 4);
    loader.pointer(TABLES, facp + 140, 8);
    for (String name : List.of("FACP", "APIC", "MCFG", "WAET")) {
      loader.checksum(list.get(name));
    }
    TableList.Table rsdt = list.get("RSDT");
    for (int entry = 0; entry < 4; entry++) {
      loader.pointer(TABLES, rsdt.offset() + 36 + 4 * entry, 4);
    }
    loader.checksum(rsdt);
    loader.pointer(RSDP, 16, 4);
    loader.checksum(RSDP, 8, 0, 20);
    return Bytes.of(loader.out.array());
  }

  private void allocate(String file, int alignment, int zone) {
    int next = begin(1, file);
    out.putInt(alignment).put((byte) zone).position(next);
  }

  /** A pointer, in any file, into the tables. */
  private void pointer(String file, int offset, int size) {
    int next = begin(2, file);
    name(TABLES);
    out.putInt(offset).put((byte) size).position(next);
  }

  private void checksum(TableList.Table table) {
    checksum(TABLES, table.offset() + CHECKSUM, table.offset(), table.length());
  }

  private void checksum(String file, int result, int start, int length) {
    int next = begin(3, file);
    out.putInt(result).putInt(start).putInt(length).position(next);
  }

  private int begin(int command, String file) {
    int next = out.position() + COMMAND;
    out.putInt(command);
    name(file);
    return next;
  }

  private void name(String file) {
    int end = out.position() + NAME;
    out.put(file.getBytes(StandardCharsets.US_ASCII)).position(end);
  }
}
