package dstack.kms.attest.snp.launch;

import dstack.kms.attest.appinfo.MeasurementDocument;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/** The synthetic launch of specification 16 §5, and launches that differ in one place. */
final class Launches {
  static final MeasurementDocument NO_MATERIAL = new MeasurementDocument(Bytes.EMPTY, Bytes.EMPTY);

  private Launches() {}

  static OsImageMeasurement synthetic() {
    return new OsImageMeasurement(
        "console=ttyS0 dstack.rootfs_hash=" + "33".repeat(32),
        Bytes.fromHex("44".repeat(48)),
        Bytes.fromHex("55".repeat(32)),
        Bytes.fromHex("66".repeat(32)),
        0x801000,
        0xffff_fff0,
        List.of(
            new OvmfSection(0x100000, 0x2000, 1),
            new OvmfSection(0x800000, 0x1000, 0x10),
            new OvmfSection(0x810000, 0x1000, 2),
            new OvmfSection(0x820000, 0x1000, 3)));
  }

  /** The same section at another place, of another size where that counts, of another type. */
  static List<OvmfSection> variants(OvmfSection section) {
    OvmfSection moved = new OvmfSection(section.gpa() + 0x1000, section.size(), section.type());
    if (section.type() == 0x10) {
      return List.of(moved);
    }
    long otherType = section.type() == 2 ? 3 : 2;
    OvmfSection retyped = new OvmfSection(section.gpa(), section.size(), otherType);
    OvmfSection grown = new OvmfSection(section.gpa(), section.size() + 1, section.type());
    return section.type() == 1 || section.type() == 4
        ? List.of(moved, retyped, grown)
        : List.of(moved, retyped);
  }

  static OsImageMeasurement with(OsImageMeasurement image, String cmdline) {
    return new OsImageMeasurement(
        cmdline,
        image.ovmfHash(),
        image.kernelHash(),
        image.initrdHash(),
        image.hashesTableGpa(),
        image.resetEip(),
        image.sections());
  }

  static OsImageMeasurement withOvmf(OsImageMeasurement image, Bytes hash) {
    return of(image, hash, image.kernelHash(), image.initrdHash());
  }

  static OsImageMeasurement withKernel(OsImageMeasurement image, Bytes hash) {
    return of(image, image.ovmfHash(), hash, image.initrdHash());
  }

  static OsImageMeasurement withInitrd(OsImageMeasurement image, Bytes hash) {
    return of(image, image.ovmfHash(), image.kernelHash(), hash);
  }

  private static OsImageMeasurement of(
      OsImageMeasurement image, Bytes ovmf, Bytes kernel, Bytes initrd) {
    return new OsImageMeasurement(
        image.cmdline(),
        ovmf,
        kernel,
        initrd,
        image.hashesTableGpa(),
        image.resetEip(),
        image.sections());
  }

  static OsImageMeasurement withTable(OsImageMeasurement image, long gpa) {
    return of(image, gpa, image.resetEip(), image.sections());
  }

  static OsImageMeasurement withReset(OsImageMeasurement image, int eip) {
    return of(image, image.hashesTableGpa(), eip, image.sections());
  }

  static OsImageMeasurement withSections(OsImageMeasurement image, List<OvmfSection> sections) {
    return of(image, image.hashesTableGpa(), image.resetEip(), sections);
  }

  private static OsImageMeasurement of(
      OsImageMeasurement image, long table, int reset, List<OvmfSection> sections) {
    return new OsImageMeasurement(
        image.cmdline(),
        image.ovmfHash(),
        image.kernelHash(),
        image.initrdHash(),
        table,
        reset,
        sections);
  }
}
