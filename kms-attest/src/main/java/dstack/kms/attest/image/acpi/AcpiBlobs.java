package dstack.kms.attest.image.acpi;

import dstack.kms.attest.image.measure.AcpiDigests;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The three files that the firmware takes from QEMU and measures.
 *
 * @param loader the table loader's commands, 4096 bytes
 * @param rsdp the root pointer, 20 bytes
 * @param tables the tables
 */
record AcpiBlobs(Bytes loader, Bytes rsdp, Bytes tables) {
  /** Makes the others for these tables. */
  static AcpiBlobs of(Bytes tables) {
    TableList list = TableList.parse(tables);
    return new AcpiBlobs(TableLoader.commands(list), rsdp(list.get("RSDT")), tables);
  }

  private static Bytes rsdp(TableList.Table rsdt) {
    ByteBuffer rsdp = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    Bytes head = Bytes.concat(Bytes.utf8("RSD PTR "), Bytes.zeros(1), Bytes.utf8("BOCHS "));
    rsdp.put(head.buffer()).put((byte) 0).putInt(rsdt.offset());
    return Bytes.of(rsdp.array());
  }

  AcpiDigests digests() {
    return new AcpiDigests(Digests.sha384(loader), Digests.sha384(rsdp), Digests.sha384(tables));
  }
}
