package dstack.kms.sim.fault;

import com.google.errorprone.annotations.Immutable;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.sim.material.SimulatedMaterial;

/**
 * A host whose measurement document does not go with the image that it claims. Platforms without
 * such documents do not notice.
 */
public enum MaterialFault implements SimulatedFault {
  DOCUMENT_HIDDEN(SimulatedMaterial::hidden),
  DOCUMENT_ALTERED(material -> material.withMeasurement(turnedOver(material.measurement()))),
  CHECKSUM_FILE_ALTERED(
      material ->
          material.withChecksumFile(
              Bytes.concat(material.checksumFile(), Bytes.utf8("\n")), false)),
  /** The claimed image is that of the altered file: nothing but its measurement is wrong. */
  DOCUMENT_NOT_LISTED(
      material ->
          material.withChecksumFile(replaced(material, material.fileName(), "other.cbor"), true)),
  DOCUMENT_LISTED_TWICE(
      material ->
          material.withChecksumFile(
              Bytes.concat(material.checksumFile(), material.checksumFile()), true)),
  /** Document and checksum file agree about another image than the one that runs. */
  IMAGE_OF_ANOTHER_DOCUMENT(MaterialFault::otherImage);

  /** Changes what the host hands over. */
  @Immutable
  private interface Edit {
    SimulatedMaterial apply(SimulatedMaterial material);
  }

  private final Edit edit;

  MaterialFault(Edit edit) {
    this.edit = edit;
  }

  /** Changes what the host hands over. */
  public SimulatedMaterial applyTo(SimulatedMaterial material) {
    return edit.apply(material);
  }

  private static SimulatedMaterial otherImage(SimulatedMaterial material) {
    Bytes other = turnedOver(material.measurement());
    String file =
        material
            .checksumFile()
            .utf8Text()
            .replace(Digests.sha256(material.measurement()).hex(), Digests.sha256(other).hex());
    return material.withMeasurement(other).withChecksumFile(Bytes.utf8(file), true);
  }

  private static Bytes replaced(SimulatedMaterial material, String from, String to) {
    return Bytes.utf8(material.checksumFile().utf8Text().replace(from, to));
  }

  /** The last byte belongs to a hash in every document, so the document stays readable. */
  private static Bytes turnedOver(Bytes document) {
    byte[] changed = document.toArray();
    changed[changed.length - 1] ^= 1;
    return Bytes.of(changed);
  }
}
