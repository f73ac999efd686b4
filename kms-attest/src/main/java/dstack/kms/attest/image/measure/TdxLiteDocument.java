package dstack.kms.attest.image.measure;

import dstack.kms.attest.appinfo.MeasurementDocument;
import dstack.kms.attest.appinfo.VmConfig;
import dstack.kms.attest.material.MeasurementMaterial;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.cbor.CborMap;
import dstack.kms.core.cbor.CborReader;
import dstack.kms.core.cbor.CborValue;
import dstack.kms.core.refusal.RefusalException;

/**
 * The document {@code measurement.tdx.cbor}, from which a guest's registers follow without the
 * image (specification 17 §4).
 *
 * @param cmdlineSha384 of the command line as measured, 48 bytes
 * @param kernelAuthenticode of the patched kernel, 48 bytes
 * @param initrdSha384 48 bytes
 * @param mrtdSinglePass 48 bytes
 * @param mrtdTwoPass 48 bytes
 * @param tdHob the hand-off list's layout
 */
record TdxLiteDocument(
    Bytes cmdlineSha384,
    Bytes kernelAuthenticode,
    Bytes initrdSha384,
    Bytes mrtdSinglePass,
    Bytes mrtdTwoPass,
    TdHob tdHob) {
  private static final String FILE = "measurement.tdx.cbor";
  private static final int VERSION = 3;
  private static final int DIGEST_LENGTH = 48;

  /** The document of a configuration, once it is known to belong to the image. */
  static TdxLiteDocument of(VmConfig config) {
    MeasurementDocument material =
        config
            .tdxMeasurement()
            .orElseThrow(() -> refused("tdx lite attestation requires vm_config.tdx_measurement"));
    Bytes document;
    try {
      document = MeasurementMaterial.requireListed(config.osImageHash(), material, FILE);
    } catch (RefusalException refusal) {
      throw refusal.within("tdx lite measurement material does not match os_image_hash");
    }
    return parse(document);
  }

  /** Reads strict CBOR with nothing behind it; unknown keys are ignored. */
  static TdxLiteDocument parse(Bytes cbor) {
    try {
      CborMap root = CborReader.readAll(cbor).asMap(FILE);
      if (root.require("version").asInteger("version") != VERSION) {
        throw refused("unsupported version");
      }
      CborMap image = root.require("image").asMap("image");
      CborMap tdvf = root.require("tdvf").asMap("tdvf");
      if (!tdvf.require("ovmf").asText("ovmf").equals("pre202505")) {
        throw refused("unsupported ovmf");
      }
      CborMap mrtd = tdvf.require("mrtd").asMap("mrtd");
      return new TdxLiteDocument(
          digest(image, "cmdline_sha384"),
          digest(image, "kernel_authenticode"),
          digest(image, "initrd_sha384"),
          digest(mrtd, "single_pass"),
          digest(mrtd, "two_pass"),
          TdHobWitness.parse(tdvf.require("td_hob").asBytes("td_hob")));
    } catch (RefusalException refusal) {
      throw refusal.within("invalid " + FILE);
    }
  }

  private static Bytes digest(CborMap map, String key) {
    CborValue value = map.require(key);
    Bytes digest = value.asBytes(key);
    if (digest.length() != DIGEST_LENGTH) {
      throw refused(key + " must be 48 bytes");
    }
    return digest;
  }

  ImageMeasurements measurements(MemorySize memory, boolean twoPass) {
    return new ImageMeasurements(
        twoPass ? mrtdTwoPass : mrtdSinglePass,
        tdHob.digest(memory),
        BootEvents.rtmr1(kernelAuthenticode),
        BootEvents.rtmr2(cmdlineSha384, initrdSha384));
  }

  private static RefusalException refused(String text) {
    return MeasureRefusal.DOCUMENT.because(text);
  }
}
