package dstack.kms.attest.image.measure;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.testkit.Vectors;
import java.util.List;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** The generated image of the vectors, and what was computed about it independently. */
final class Synthetic {
  private static final String FOLDER = "platforms/os-image/synthetic-1/";

  private Synthetic() {}

  static Bytes file(String name) {
    return Bytes.of(Vectors.bytes(FOLDER + name));
  }

  static JsonNode expected() {
    return Vectors.json(FOLDER + "expected.json");
  }

  static Bytes expected(String name) {
    return Bytes.fromHex(expected().get(name).stringValue());
  }

  static List<JsonNode> perMemory() {
    return StreamSupport.stream(expected().get("per_memory").spliterator(), false).toList();
  }

  static MemorySize memory(JsonNode row) {
    return new MemorySize(row.get("memory_size").longValue());
  }

  static Bytes hex(JsonNode row, String name) {
    return Bytes.fromHex(row.get(name).stringValue());
  }

  static AcpiDigests acpi() {
    JsonNode acpi = expected().get("acpi");
    return new AcpiDigests(hex(acpi, "loader"), hex(acpi, "rsdp"), hex(acpi, "tables"));
  }

  static BootFiles bootFiles() {
    return bootFiles(file("ovmf.fd"), file("bzImage"), file("initramfs.cpio.gz"));
  }

  static BootFiles bootFiles(Bytes firmware, Bytes kernel, Bytes initrd) {
    return new BootFiles(
        firmware,
        kernel,
        Digests.sha384(initrd),
        initrd.length(),
        expected().get("cmdline").stringValue());
  }

  static Bytes changed(Bytes bytes, int offset, int value) {
    byte[] copy = bytes.toArray();
    copy[offset] = (byte) value;
    return Bytes.of(copy);
  }

  static Bytes flipped(Bytes bytes, int offset) {
    return changed(bytes, offset, bytes.at(offset) ^ 0x40);
  }

  static Bytes withLe(Bytes bytes, int offset, long value, int width) {
    byte[] copy = bytes.toArray();
    for (int i = 0; i < width; i++) {
      copy[offset + i] = (byte) (value >> (8 * i));
    }
    return Bytes.of(copy);
  }
}
