package dstack.kms.attest.image.measure;

import dstack.kms.attest.appinfo.VmConfig;

/** The measurements of a TDX guest from its configuration alone (specification 17 §4). */
public final class TdxLite {
  private TdxLite() {}

  /**
   * The measurements of the image that {@link VmConfig#osImageHash()} names, on the stated machine.
   *
   * @throws dstack.kms.core.refusal.RefusalException if there is no document, if it does not belong
   *     to that image or is not of the agreed form, or if such a machine cannot be measured so
   */
  public static ImageMeasurements measurements(VmConfig config) {
    TdxLiteDocument document = TdxLiteDocument.of(config);
    MemorySize memory = MemorySize.of(config.memorySize());
    memory.requireLite();
    return document.measurements(memory, QemuOptions.of(config).twoPass());
  }
}
