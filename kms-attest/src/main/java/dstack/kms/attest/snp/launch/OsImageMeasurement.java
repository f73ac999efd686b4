package dstack.kms.attest.snp.launch;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.cbor.CborMap;
import dstack.kms.core.cbor.CborReader;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/**
 * The part of a launch that an OS image fixes: {@code measurement.snp.cbor}, version 3. Member
 * names that are not known are passed over.
 *
 * @param cmdline the kernel's command line
 * @param ovmfHash the launch digest after the firmware, 48 bytes
 * @param kernelHash 32 bytes
 * @param initrdHash 32 bytes; empty for no initial RAM disk
 * @param hashesTableGpa where the firmware expects the table of hashes
 * @param resetEip where the processors but the first start
 * @param sections what the firmware's metadata describes, in its order
 */
record OsImageMeasurement(
    String cmdline,
    Bytes ovmfHash,
    Bytes kernelHash,
    Bytes initrdHash,
    long hashesTableGpa,
    int resetEip,
    List<OvmfSection> sections) {
  private static final int VERSION = 3;
  private static final long MAX_U32 = 0xffff_ffffL;

  OsImageMeasurement {
    sections = List.copyOf(sections);
    requireLength("ovmf_hash", ovmfHash, 48);
    requireLength("kernel_hash", kernelHash, 32);
    if (!initrdHash.isEmpty()) {
      requireLength("initrd_hash", initrdHash, 32);
    }
  }

  /** Reads the document. */
  static OsImageMeasurement parse(Bytes cbor) {
    try {
      return of(CborReader.readAll(cbor).asMap("measurement.snp.cbor"));
    } catch (RefusalException e) {
      throw e.within("failed to parse measurement.snp.cbor");
    }
  }

  private static OsImageMeasurement of(CborMap map) {
    long version = OvmfSection.unsigned(map, "version");
    if (version != VERSION) {
      throw LaunchRefusal.DOCUMENT.because("unsupported version " + version);
    }
    long resetEip = OvmfSection.unsigned(map, "reset_eip");
    if (resetEip > MAX_U32) {
      throw LaunchRefusal.DOCUMENT.because("reset_eip has more than 32 bits");
    }
    return new OsImageMeasurement(
        map.require("cmdline").asText("cmdline"),
        map.require("ovmf_hash").asBytes("ovmf_hash"),
        map.require("kernel_hash").asBytes("kernel_hash"),
        map.require("initrd_hash").asBytes("initrd_hash"),
        OvmfSection.unsigned(map, "hashes_table_gpa"),
        (int) resetEip,
        map.require("ovmf_sections").asArray("ovmf_sections").stream()
            .map(OvmfSection::of)
            .toList());
  }

  private static void requireLength(String name, Bytes value, int length) {
    if (value.length() != length) {
      throw LaunchRefusal.DOCUMENT.because(name + " must be " + length + " bytes");
    }
  }
}
