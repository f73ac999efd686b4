package dstack.kms.attest.image.measure;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;

/**
 * The metadata of a TDVF firmware, found from the table of GUIDs at its end (specification 17
 * §5.2).
 *
 * @param file the whole firmware
 * @param sections at most {@link #MAX_SECTIONS}, in their order, together at most 256 MiB
 */
record Tdvf(BoundedFile file, List<TdvfSection> sections) {
  static final int MAX_SECTIONS = 64;

  private static final long MAX_MEMORY = 256L << 20;
  private static final Bytes FOOTER = Guid.bytes("96b582de-1fb2-45f7-baea-a366c55a082d");
  private static final Bytes METADATA = Guid.bytes("e47a6535-984a-4798-865e-4685a7bf8ec2");
  private static final Bytes SIGNATURE = Bytes.utf8("TDVF");
  private static final int AFTER_FOOTER = 32;
  private static final int ENTRY_HEAD = 18;

  static Tdvf parse(Bytes firmware) {
    BoundedFile file = new BoundedFile(firmware, MeasureRefusal.FIRMWARE, "the firmware");
    long at = file.length() - metadataDistance(file);
    if (!file.bytes(at, 4).equals(SIGNATURE)) {
      throw refused("no TDVF descriptor");
    }
    if (file.u32(at + 8) != 1) {
      throw refused("Unsupported TDVF version");
    }
    long count = file.u32(at + 12);
    if (count > MAX_SECTIONS) {
      throw refused("more than " + MAX_SECTIONS + " TDVF sections");
    }
    List<TdvfSection> sections = new ArrayList<>();
    long memory = 0;
    for (int i = 0; i < count; i++) {
      TdvfSection section = TdvfSection.read(file, at + 16 + (long) i * TdvfSection.LENGTH);
      memory += section.range().length();
      if (memory > MAX_MEMORY) {
        throw refused("TDVF sections of more than 256 MiB");
      }
      sections.add(section);
    }
    return new Tdvf(file, List.copyOf(sections));
  }

  /** Walks the table backwards, from entry to entry, to the one that points to the descriptor. */
  private static long metadataDistance(BoundedFile file) {
    long footer = file.length() - AFTER_FOOTER - 16L;
    if (!file.bytes(footer, 16).equals(FOOTER)) {
      throw refused("Invalid footer GUID");
    }
    long end = footer - 2;
    long start = end - file.u16(end);
    if (start < 0 || start == end) {
      throw refused("Invalid tables length");
    }
    while (end - start >= ENTRY_HEAD) {
      int length = file.u16(end - ENTRY_HEAD);
      if (length < ENTRY_HEAD || length > end - start) {
        throw refused("Invalid entry length");
      }
      if (file.bytes(end - 16, 16).equals(METADATA)) {
        if (length < ENTRY_HEAD + 4) {
          throw refused("Invalid entry length");
        }
        return file.u32(end - ENTRY_HEAD - 4);
      }
      end -= length;
    }
    throw refused("Missing TDVF metadata");
  }

  private static RefusalException refused(String text) {
    return MeasureRefusal.FIRMWARE.because("Failed to parse TDVF metadata: " + text);
  }
}
