package dstack.kms.attest.image.measure;

import dstack.kms.core.refusal.RefusalException;
import java.util.Optional;

/**
 * One section of a TDVF firmware: what the loader puts where (specification 17 §5.2).
 *
 * @param dataOffset where its data lies in the file
 * @param range where it lies in the guest's memory, whole pages
 * @param isTdHob whether the hand-off list is put there
 * @param isTemporary whether it is scratch memory of the firmware
 * @param isAdded whether its pages are added before the guest starts
 * @param isExtended whether its content is measured
 */
record TdvfSection(
    long dataOffset,
    MemoryRange range,
    boolean isTdHob,
    boolean isTemporary,
    boolean isAdded,
    boolean isExtended) {
  static final int LENGTH = 32;
  static final int PAGE = 4096;

  private static final long MR_EXTEND = 1;
  private static final long PAGE_AUG = 2;
  private static final long TD_HOB = 2;
  private static final long TEMPORARY = 3;

  static TdvfSection read(BoundedFile firmware, long at) {
    long dataOffset = firmware.u32(at);
    long rawSize = firmware.u32(at + 4);
    long type = firmware.u32(at + 24);
    long attributes = firmware.u32(at + 28);
    MemoryRange range = range(firmware.u64(at + 8), firmware.u64(at + 16));
    boolean extended = (attributes & MR_EXTEND) != 0;
    if (range.length() < rawSize) {
      throw refused("TDVF section has more data than memory");
    }
    if (extended && range.length() != rawSize) {
      // The original measures whatever follows in the file.
      throw refused("TDVF section is measured beyond its data");
    }
    return new TdvfSection(
        dataOffset,
        range,
        type == TD_HOB,
        type == TEMPORARY,
        (attributes & PAGE_AUG) == 0,
        extended);
  }

  private static MemoryRange range(long address, long size) {
    if (address % PAGE != 0 || size % PAGE != 0) {
      throw refused("TDVF section is not of whole pages");
    }
    return MemoryRange.ofLength(address, size)
        .orElseThrow(() -> refused("TDVF section is outside of the address space"));
  }

  /** The memory that the firmware has accepted when it starts, if the section is such. */
  Optional<MemoryRange> accepted() {
    return isTdHob || isTemporary ? Optional.of(range) : Optional.empty();
  }

  private static RefusalException refused(String text) {
    return MeasureRefusal.FIRMWARE.because(text);
  }
}
