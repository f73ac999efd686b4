package dstack.kms.cli.verify;

import dstack.kms.attest.appinfo.MeasurementDocument;
import dstack.kms.attest.appinfo.VmConfig;
import dstack.kms.attest.image.archive.VerifiedImage;
import dstack.kms.attest.image.measure.ImageMeasurements;
import dstack.kms.attest.image.measure.MemorySize;
import dstack.kms.attest.image.measure.QemuOptions;
import dstack.kms.attest.image.measure.TdxLite;
import dstack.kms.attest.material.MeasurementMaterial;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.cbor.CborReader;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a VM configuration says about its image, checked as far as it goes by itself.
 *
 * @param documents the names of the measurement documents that belong to the image
 * @param measurements what a TDX guest must measure, if a document or the files say it
 */
record MeasuredConfig(List<String> documents, Optional<ImageMeasurements> measurements) {
  private static final String TDX = "measurement.tdx.cbor";

  /** From the documents in the configuration. */
  static MeasuredConfig ofDocuments(VmConfig config) {
    List<String> documents = documents(config);
    if (documents.isEmpty()) {
      throw new RefusalException(
          ExpectationRefusal.DOCUMENTS,
          "the VM configuration carries no measurement document; give the image's archive");
    }
    return new MeasuredConfig(
        documents, config.tdxMeasurement().map(_ -> TdxLite.measurements(config)));
  }

  /** From the files of the image; documents must belong to it as well. */
  static MeasuredConfig ofFiles(VmConfig config, VerifiedImage image) {
    return new MeasuredConfig(
        documents(config),
        Optional.of(
            ImageMeasurements.ofFiles(
                image.bootFiles(),
                MemorySize.of(config.memorySize()),
                QemuOptions.of(config).twoPass())));
  }

  private static List<String> documents(VmConfig config) {
    List<String> found = new ArrayList<>();
    check(config, TDX, config.tdxMeasurement(), found);
    check(config, "measurement.gcp.cbor", config.gcpMeasurement(), found);
    check(config, "measurement.aws.cbor", config.awsMeasurement(), found);
    return found;
  }

  private static void check(
      VmConfig config, String name, Optional<MeasurementDocument> material, List<String> found) {
    if (material.isEmpty()) {
      return;
    }
    Bytes document = MeasurementMaterial.requireListed(config.osImageHash(), material.get(), name);
    try {
      CborReader.readAll(document).asMap(name);
    } catch (RefusalException refusal) {
      throw refusal.within("invalid " + name);
    }
    found.add(name);
  }
}
