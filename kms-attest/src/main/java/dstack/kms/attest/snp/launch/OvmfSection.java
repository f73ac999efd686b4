package dstack.kms.attest.snp.launch;

import dstack.kms.core.cbor.CborMap;
import dstack.kms.core.cbor.CborValue;
import dstack.kms.core.refusal.RefusalException;

/**
 * A range of guest memory that the firmware's metadata describes.
 *
 * @param gpa where it starts in the guest's physical memory
 * @param size in bytes
 * @param type what is measured for it, see {@link SectionType}
 */
record OvmfSection(long gpa, long size, long type) {
  static OvmfSection of(CborValue value) {
    CborMap map = value.asMap("ovmf section");
    return new OvmfSection(unsigned(map, "gpa"), unsigned(map, "size"), unsigned(map, "type"));
  }

  static long unsigned(CborMap map, String name) {
    long number = map.require(name).asInteger(name);
    if (number < 0) {
      throw negative(name);
    }
    return number;
  }

  private static RefusalException negative(String name) {
    return LaunchRefusal.DOCUMENT.because(name + " is negative");
  }

  /** How many pages of 4,096 bytes it takes. */
  long pages() {
    return size / 4096 + (size % 4096 == 0 ? 0 : 1);
  }
}
