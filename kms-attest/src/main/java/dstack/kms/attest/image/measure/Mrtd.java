package dstack.kms.attest.image.measure;

import dstack.kms.core.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The measurement of a guest's initial memory (specification 17 §5.2): SHA-384 over one record for
 * each page added and each 256 bytes measured.
 */
final class Mrtd {
  private static final int RECORD = 128;
  private static final int CHUNK = 256;

  private final BoundedFile firmware;
  private final MessageDigest digest = Sha.SHA_384.start();

  private Mrtd(BoundedFile firmware) {
    this.firmware = firmware;
  }

  /**
   * The register, 48 bytes.
   *
   * @param twoPass whether QEMU adds all pages of a section before it measures any
   */
  static Bytes of(Tdvf tdvf, boolean twoPass) {
    Mrtd mrtd = new Mrtd(tdvf.file());
    for (TdvfSection section : tdvf.sections()) {
      if (twoPass) {
        mrtd.pages(section, true, false);
        mrtd.pages(section, false, true);
      } else {
        mrtd.pages(section, true, true);
      }
    }
    return Bytes.of(mrtd.digest.digest());
  }

  private void pages(TdvfSection section, boolean add, boolean extend) {
    for (long offset = 0; offset < section.range().length(); offset += TdvfSection.PAGE) {
      if (add && section.isAdded()) {
        record("MEM.PAGE.ADD", section.range().start() + offset);
      }
      if (extend && section.isExtended()) {
        extend(section, offset);
      }
    }
  }

  private void extend(TdvfSection section, long page) {
    for (long offset = page; offset < page + TdvfSection.PAGE; offset += CHUNK) {
      record("MR.EXTEND", section.range().start() + offset);
      digest.update(firmware.part(section.dataOffset() + offset, CHUNK));
    }
  }

  private void record(String name, long address) {
    ByteBuffer record = ByteBuffer.allocate(RECORD).order(ByteOrder.LITTLE_ENDIAN);
    record.put(name.getBytes(StandardCharsets.US_ASCII)).putLong(16, address);
    digest.update(record.array());
  }
}
