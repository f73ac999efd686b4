package dstack.kms.attest.nitro;

import dstack.kms.attest.appinfo.MeasurementDocument;
import dstack.kms.attest.appinfo.VmConfig;
import dstack.kms.attest.material.MeasurementMaterial;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.cbor.CborReader;
import dstack.kms.core.refusal.RefusalException;

/** Whether an EC2 instance booted the claimed image (specification 15 §9, 17 §3). */
public final class NitroTpmImageRule {
  private static final String FILE_NAME = "measurement.aws.cbor";
  private static final int DIGEST_LENGTH = 32;

  private NitroTpmImageRule() {}

  /**
   * Refuses unless the configuration's measurement document belongs to the claimed image and names
   * the registers that were signed.
   */
  public static void require(VerifiedNitroTpm instance, VmConfig config) {
    MeasurementDocument material =
        config
            .awsMeasurement()
            .orElseThrow(
                () ->
                    NitroRefusal.IMAGE_MEASUREMENT.because(
                        "vm_config.aws_measurement is required on AWS NitroTPM"));
    Bytes expected = bootDigest(listed(material, config.osImageHash()));
    Bytes quoted = instance.boot().digest();
    if (!expected.equals(quoted)) {
      throw NitroRefusal.IMAGE.because(
          "AWS boot_pcr_digest mismatch: expected=" + expected + ", quoted=" + quoted);
    }
  }

  private static Bytes listed(MeasurementDocument material, Bytes osImageHash) {
    try {
      return MeasurementMaterial.requireListed(osImageHash, material, FILE_NAME);
    } catch (RefusalException e) {
      throw e.within("aws measurement material does not match os_image_hash");
    }
  }

  private static Bytes bootDigest(Bytes document) {
    try {
      Bytes digest =
          CborReader.readAll(document)
              .asMap("measurement document")
              .require("boot_pcr_digest")
              .asBytes("boot_pcr_digest");
      if (digest.length() != DIGEST_LENGTH) {
        throw NitroRefusal.IMAGE_MEASUREMENT.because(
            "boot_pcr_digest has " + digest.length() + " bytes instead of 32");
      }
      return digest;
    } catch (RefusalException e) {
      throw e.within("failed to decode vm_config.aws_measurement");
    }
  }
}
