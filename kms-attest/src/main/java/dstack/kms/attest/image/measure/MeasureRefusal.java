package dstack.kms.attest.image.measure;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why an image's measurements cannot be computed, or are not those of the guest. */
public enum MeasureRefusal implements RefusalCode {
  /** The firmware carries no usable TDVF metadata. */
  FIRMWARE("image-firmware-malformed"),
  /** The kernel is no bzImage that can be patched and hashed as its loader does. */
  KERNEL("image-kernel-malformed"),
  /** The measurement document is not of the agreed form. */
  DOCUMENT("image-document-malformed"),
  /** The stated virtual machine cannot be measured. */
  MACHINE("image-machine-not-measurable"),
  /** The event log does not hold the three ACPI events of the firmware. */
  ACPI_EVENTS("image-acpi-events"),
  /** A register of the guest is not the one that follows from its image. */
  MISMATCH("image-measurement-mismatch");

  private final String code;

  MeasureRefusal(String code) {
    this.code = code;
  }

  RefusalException because(String text) {
    return new RefusalException(this, text);
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public RefusalKind kind() {
    return RefusalKind.REFUSED;
  }
}
