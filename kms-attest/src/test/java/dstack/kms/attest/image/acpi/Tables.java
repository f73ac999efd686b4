package dstack.kms.attest.image.acpi;

import dstack.kms.attest.image.measure.AcpiDigests;
import dstack.kms.core.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Made-up ACPI tables of which only the headers make sense. */
public final class Tables {
  /** Of {@link #all}, by a separate program. */
  public static final AcpiDigests DIGESTS =
      new AcpiDigests(
          Bytes.fromHex(
              "68ad7dc0e779a0a217ca65f36166fb5a0d783a60216414c46834b7a157f2a5d5a10f9376a5b35707bc8d194a66bbce7c"),
          Bytes.fromHex(
              "c006e1fb39438e95b4c17f36e8f6ecf070e7fd483304168e8a671310b6498c57eeb47c9bb98f1ea2b9b2a4643febb546"),
          Bytes.fromHex(
              "3d60c4e0c331b826ce7ab62e791180ab383e1225da408da2ee5749cc6df08110fa6563c927752cccbd4d7ff42a1e7ddf"));

  private static final Map<String, Integer> LENGTHS = lengths();

  private Tables() {}

  private static Map<String, Integer> lengths() {
    Map<String, Integer> lengths = new LinkedHashMap<>();
    lengths.put("FACS", 64);
    lengths.put("DSDT", 300);
    lengths.put("FACP", 244);
    lengths.put("APIC", 120);
    lengths.put("HPET", 56);
    lengths.put("MCFG", 60);
    lengths.put("WAET", 40);
    lengths.put("RSDT", 52);
    return lengths;
  }

  /** The tables and some padding, 2048 bytes. */
  public static Bytes all() {
    ByteBuffer blob = ByteBuffer.allocate(2048).order(ByteOrder.LITTLE_ENDIAN);
    LENGTHS.forEach(
        (name, length) -> {
          blob.put(name.getBytes(StandardCharsets.US_ASCII)).putInt(length);
          for (int i = 0; i < length - 8; i++) {
            blob.put((byte) (i * 7 + 4));
          }
        });
    return Bytes.of(blob.array());
  }

  static int offsetOf(String wanted) {
    int offset = 0;
    for (Map.Entry<String, Integer> table : LENGTHS.entrySet()) {
      if (table.getKey().equals(wanted)) {
        return offset;
      }
      offset += table.getValue();
    }
    throw new AssertionError(wanted);
  }
}
