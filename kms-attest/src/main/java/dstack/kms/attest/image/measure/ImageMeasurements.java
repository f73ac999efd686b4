package dstack.kms.attest.image.measure;

import dstack.kms.attest.quote.TdReport;
import dstack.kms.core.bytes.Bytes;

/**
 * What an image alone decides about a guest of one size, 48 bytes each; the ACPI data of the
 * machine complete it.
 *
 * @param mrtd the initial memory
 * @param tdHobDigest the first event of RTMR 0
 * @param rtmr1 kernel
 * @param rtmr2 command line and initial file system
 */
public record ImageMeasurements(Bytes mrtd, Bytes tdHobDigest, Bytes rtmr1, Bytes rtmr2) {
  /**
   * Measures the files of an image (specification 17 §5).
   *
   * @param twoPass how QEMU measures the initial memory
   */
  public static ImageMeasurements ofFiles(BootFiles files, MemorySize memory, boolean twoPass) {
    Tdvf tdvf = Tdvf.parse(files.firmware());
    Bytes kernel = KernelPatch.apply(files.kernel(), files.initrdSize(), memory);
    return new ImageMeasurements(
        Mrtd.of(tdvf, twoPass),
        TdHob.of(tdvf).digest(memory),
        BootEvents.rtmr1(Authenticode.sha384(kernel)),
        BootEvents.rtmr2(BootEvents.cmdlineDigest(files.cmdline()), files.initrdSha384()));
  }

  /**
   * Refuses a guest that did not boot this image, whatever its ACPI data are: every register but
   * RTMR 0; {@code MRs do not match: …}.
   */
  public void requireImage(TdReport report) {
    Registers.require("MRTD", mrtd, report.mrTd());
    Registers.require("RTMR1", rtmr1, report.rtMrs().get(1));
    Registers.require("RTMR2", rtmr2, report.rtMrs().get(2));
  }

  /** The guest's registers, given what it measured of its ACPI data. */
  public Registers with(AcpiDigests acpi) {
    return new Registers(mrtd, BootEvents.rtmr0(tdHobDigest, acpi), rtmr1, rtmr2);
  }
}
