package dstack.kms.attest.image.measure;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what stands for a firmware's sections in a measurement document (specification 17 §4):
 * unsigned LEB128 numbers of pages, all of them used.
 */
final class TdHobWitness {
  private static final int MAX_VARINT = 10;
  private static final int PAGE_BITS = 12;

  /** With at most so many pages, an address and a length are at most 2^51 each. */
  private static final long MAX_PAGES = 1L << 39;

  private static final int LAST_SHIFT = 35;

  private final Bytes input;
  private int position;

  private TdHobWitness(Bytes input) {
    this.input = input;
  }

  static TdHob parse(Bytes witness) {
    TdHobWitness in = new TdHobWitness(witness);
    long base = in.pages();
    long address = base + in.pages();
    long count = in.pages();
    if (count > Tdvf.MAX_SECTIONS) {
      throw refused("more than " + Tdvf.MAX_SECTIONS + " ranges");
    }
    List<MemoryRange> accepted = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long start = (base + in.pages()) << PAGE_BITS;
      accepted.add(
          MemoryRange.ofLength(start, in.pages() << PAGE_BITS)
              .orElseThrow(() -> refused("range outside of the address space")));
    }
    if (in.position != witness.length()) {
      throw refused("trailing bytes");
    }
    return new TdHob(address << PAGE_BITS, accepted);
  }

  private long pages() {
    long value = 0;
    for (int i = 0; i < MAX_VARINT; i++) {
      if (position == input.length()) {
        throw refused("truncated");
      }
      int next = input.at(position++);
      long part = next & 0x7f;
      int shift = 7 * i;
      if (part != 0 && (shift > LAST_SHIFT || (part << shift) > MAX_PAGES)) {
        throw refused("number out of range");
      }
      value |= part << shift;
      if (next < 0x80) {
        return requireInRange(value);
      }
    }
    throw refused("number of more than " + MAX_VARINT + " bytes");
  }

  private static long requireInRange(long value) {
    if (value > MAX_PAGES) {
      throw refused("number out of range");
    }
    return value;
  }

  private static RefusalException refused(String text) {
    return MeasureRefusal.DOCUMENT.because("invalid TD HOB witness: " + text);
  }
}
