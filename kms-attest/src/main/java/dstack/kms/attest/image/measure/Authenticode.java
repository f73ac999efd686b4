package dstack.kms.attest.image.measure;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The Authenticode digest of a PE file, as UEFI firmware measures it (specification 17 §6). Data
 * behind the last section is not hashed unless there is a certificate table.
 */
public final class Authenticode {
  private static final int PE32_PLUS = 0x20B;
  private static final int SECTION_HEADER = 40;
  private static final int MAX_SECTIONS = 1024;

  private final BoundedFile file;
  private final MessageDigest digest;
  private final long optionalHeader;

  private Authenticode(Bytes pe, Sha sha) {
    this.file = new BoundedFile(pe, MeasureRefusal.KERNEL, "the PE file");
    this.digest = sha.start();
    long header = file.u32(0x3C);
    if (!file.bytes(header, 4).equals(Bytes.fromHex("50450000"))) {
      throw refused("no PE signature");
    }
    this.optionalHeader = header + 4 + 20;
  }

  /** SHA-384, 48 bytes: what a TDX guest's firmware measures of a kernel. */
  public static Bytes sha384(Bytes pe) {
    return new Authenticode(pe, Sha.SHA_384).compute();
  }

  /** SHA-256, 32 bytes: what a TPM's bank holds of a unified kernel image. */
  public static Bytes sha256(Bytes pe) {
    return new Authenticode(pe, Sha.SHA_256).compute();
  }

  private Bytes compute() {
    long directories = optionalHeader + (file.u16(optionalHeader) == PE32_PLUS ? 112 : 96);
    long certificates = directories + 32;
    long headersEnd = file.u32(optionalHeader + 60);
    hash(0, optionalHeader + 64);
    hash(optionalHeader + 68, certificates);
    hash(certificates + 8, headersEnd);
    long total = hashSections(headersEnd);
    long size = file.u32(certificates + 4);
    long rest = file.length() - total;
    if (file.u32(certificates) > 0 && size > 0 && rest > size) {
      hash(total, file.length() - size);
    }
    int beyond = file.length() % 8;
    if (beyond != 0) {
      digest.update(new byte[8 - beyond]);
    }
    return Bytes.of(digest.digest());
  }

  private record Section(long start, long length) {}

  /** Hashes the sections in the order of the file; returns the running total of their sizes. */
  private long hashSections(long headersEnd) {
    long total = headersEnd;
    long hashed = 0;
    for (Section section : sections()) {
      long end = Math.min(section.start + section.length, file.length());
      long start = Math.min(section.start, file.length());
      hashed += end - start;
      if (hashed > file.length()) {
        throw refused("PE sections overlap");
      }
      hash(start, end);
      total += section.length;
    }
    return total;
  }

  private List<Section> sections() {
    long coff = optionalHeader - 20;
    int count = file.u16(coff + 2);
    if (count > MAX_SECTIONS) {
      throw refused("more than " + MAX_SECTIONS + " PE sections");
    }
    long table = optionalHeader + file.u16(coff + 16);
    List<Section> sections = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long at = table + (long) i * SECTION_HEADER;
      long length = file.u32(at + 16);
      if (length > 0) {
        sections.add(new Section(file.u32(at + 20), length));
      }
    }
    sections.sort(Comparator.comparingLong(Section::start));
    return sections;
  }

  private void hash(long from, long to) {
    digest.update(file.part(from, to - from));
  }

  private static RefusalException refused(String text) {
    return MeasureRefusal.KERNEL.because(text);
  }
}
