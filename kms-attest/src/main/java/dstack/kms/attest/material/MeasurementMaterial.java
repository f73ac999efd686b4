package dstack.kms.attest.material;

import dstack.kms.attest.appinfo.MeasurementDocument;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.util.List;
import java.util.Optional;

/**
 * Ties a measurement document to an image's hash: the hash is that of {@code sha256sum.txt}, and
 * that lists the document's own hash under its file name (specification 17 §3).
 */
public final class MeasurementMaterial {
  private static final int MAX_CHECKSUM_FILE = 64 << 10;

  private MeasurementMaterial() {}

  /**
   * The document's bytes, which now are as good as the image hash.
   *
   * @param osImageHash 32 bytes
   * @param fileName the name under which the checksum file must list the document, for example
   *     {@code measurement.tdx.cbor}
   */
  public static Bytes requireListed(
      Bytes osImageHash, MeasurementDocument material, String fileName) {
    Bytes actual = Digests.sha256(material.checksumFile());
    if (!actual.equals(osImageHash)) {
      throw MaterialRefusal.IMAGE_HASH.because(
          "os_image_hash mismatch: expected sha256(sha256sum.txt)="
              + actual
              + ", actual="
              + osImageHash);
    }
    Bytes listed = listedHash(material.checksumFile(), fileName);
    Bytes measured = Digests.sha256(material.measurement());
    if (!measured.equals(listed)) {
      throw MaterialRefusal.DOCUMENT.because(
          fileName + " hash mismatch: sha256sum.txt=" + listed + ", actual=" + measured);
    }
    return material.measurement();
  }

  private static Bytes listedHash(Bytes checksumFile, String fileName) {
    Optional<Bytes> found = Optional.empty();
    for (String line : text(checksumFile).split("\n", -1)) {
      List<String> tokens = List.of(line.strip().split("\\s+"));
      if (tokens.getFirst().isEmpty()) {
        continue;
      }
      if (tokens.size() < 2) {
        throw MaterialRefusal.CHECKSUM_FILE.because("sha256sum.txt has a line without a file name");
      }
      if (tokens.get(1).equals(fileName)) {
        if (found.isPresent()) {
          throw MaterialRefusal.CHECKSUM_FILE.because(
              "sha256sum.txt lists " + fileName + " more than once");
        }
        found = Optional.of(hash(tokens.getFirst(), fileName));
      }
    }
    return found.orElseThrow(
        () -> MaterialRefusal.CHECKSUM_FILE.because("sha256sum.txt is missing " + fileName));
  }

  private static String text(Bytes checksumFile) {
    if (checksumFile.length() > MAX_CHECKSUM_FILE) {
      throw MaterialRefusal.CHECKSUM_FILE.because("sha256sum.txt is longer than 64 KiB");
    }
    return checksumFile
        .strictUtf8Text()
        .orElseThrow(() -> MaterialRefusal.CHECKSUM_FILE.because("sha256sum.txt is not UTF-8"));
  }

  private static Bytes hash(String hex, String fileName) {
    if (!hex.matches("[0-9a-fA-F]{64}")) {
      throw MaterialRefusal.CHECKSUM_FILE.because("sha256sum.txt has no SHA-256 for " + fileName);
    }
    return Bytes.fromHex(hex);
  }
}
