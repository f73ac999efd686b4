package dstack.kms.sim.material;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A measurement document and the checksum file whose hash names the image.
 *
 * @param fileName of the document in the checksum file
 * @param checksumFile lines of {@code sha256sum}
 * @param measurement the document
 * @param osImageHash what the host claims
 * @param shown whether the host hands the document over at all
 */
public record SimulatedMaterial(
    String fileName, Bytes checksumFile, Bytes measurement, Bytes osImageHash, boolean shown) {

  /** The material of an image with this document. */
  public static SimulatedMaterial of(String fileName, Bytes measurement) {
    Bytes file = listed(fileName, measurement);
    return new SimulatedMaterial(fileName, file, measurement, Digests.sha256(file), true);
  }

  private static Bytes listed(String fileName, Bytes measurement) {
    Bytes kernel = Digests.sha256(Bytes.utf8("SIMULATED kernel file"));
    return Bytes.utf8(line(kernel, "bzImage") + line(Digests.sha256(measurement), fileName));
  }

  private static String line(Bytes digest, String name) {
    return digest.hex() + "  " + name + "\n";
  }

  /** Another document under the same checksum file. */
  public SimulatedMaterial withMeasurement(Bytes other) {
    return new SimulatedMaterial(fileName, checksumFile, other, osImageHash, shown);
  }

  /** Another checksum file; the claimed image follows it if that is asked for. */
  public SimulatedMaterial withChecksumFile(Bytes other, boolean followed) {
    Bytes claim = followed ? Digests.sha256(other) : osImageHash;
    return new SimulatedMaterial(fileName, other, measurement, claim, shown);
  }

  /** A host that keeps the document to itself. */
  public SimulatedMaterial hidden() {
    return new SimulatedMaterial(fileName, checksumFile, measurement, osImageHash, false);
  }

  /** Puts the two files into a JSON object, in base64. */
  public ObjectNode into(ObjectNode target) {
    Base64.Encoder base64 = Base64.getEncoder();
    return target
        .put("checksum_file", base64.encodeToString(checksumFile.toArray()))
        .put("measurement", base64.encodeToString(measurement.toArray()));
  }

  /** This material, unless the host hides it. */
  public Optional<SimulatedMaterial> ifShown() {
    return shown ? Optional.of(this) : Optional.empty();
  }
}
