package dstack.kms.attest.material;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.appinfo.MeasurementDocument;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Specification 17 §3: the document hangs on the checksum file, that on the image hash. */
final class MeasurementMaterialTest {
  private static final String NAME = "measurement.gcp.cbor";
  private static final Bytes DOCUMENT = Bytes.fromHex("a0");

  private static Bytes listed(String checksumFile) {
    return material(checksumFile, DOCUMENT);
  }

  private static Bytes material(String checksumFile, Bytes document) {
    Bytes file = Bytes.utf8(checksumFile);
    return MeasurementMaterial.requireListed(
        Digests.sha256(file), new MeasurementDocument(file, document), NAME);
  }

  private static String line() {
    return Digests.sha256(DOCUMENT).hex() + "  " + NAME + "\n";
  }

  @Test
  void takesTheDocumentThatIsListedOnce() {
    assertThat(listed(line())).isEqualTo(DOCUMENT);
    assertThat(listed("\n  \n" + "00".repeat(32) + "  other\n" + line())).isEqualTo(DOCUMENT);
    assertThat(listed(line().toUpperCase(java.util.Locale.ROOT).replace(upper(NAME), NAME)))
        .isEqualTo(DOCUMENT);
  }

  private static String upper(String text) {
    return text.toUpperCase(java.util.Locale.ROOT);
  }

  @Test
  void refusesAChecksumFileOfAnotherImage() {
    Bytes file = Bytes.utf8(line());
    Bytes other = Bytes.zeros(32);
    assertThatThrownBy(
            () ->
                MeasurementMaterial.requireListed(
                    other, new MeasurementDocument(file, DOCUMENT), NAME))
        .hasMessage(
            "os_image_hash mismatch: expected sha256(sha256sum.txt)="
                + Digests.sha256(file)
                + ", actual="
                + other);
    assertThatThrownBy(
            () ->
                MeasurementMaterial.requireListed(
                    Bytes.EMPTY, new MeasurementDocument(file, DOCUMENT), NAME))
        .isInstanceOf(RefusalException.class);
  }

  @Test
  void refusesAnotherDocument() {
    assertThatThrownBy(() -> material(line(), Bytes.fromHex("a100")))
        .hasMessageStartingWith(NAME + " hash mismatch: sha256sum.txt=")
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(MaterialRefusal.DOCUMENT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "%h  other\n",
        "%h *measurement.gcp.cbor\n",
        "%h\n",
        "%h  measurement.gcp.cbor\n%h  measurement.gcp.cbor\n",
        "0%h  measurement.gcp.cbor\n",
        "x  measurement.gcp.cbor\n",
        "%h  measurement.gcp.cbor\nalone\n"
      })
  void refusesAChecksumFileThatDoesNotListTheDocumentOnce(String template) {
    String hash = Digests.sha256(DOCUMENT).hex();
    assertThatThrownBy(() -> listed(template.replace("%h", hash)))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.code()).isEqualTo(MaterialRefusal.CHECKSUM_FILE));
  }

  @Test
  void refusesAChecksumFileThatIsNoText() {
    Bytes file = Bytes.concat(Bytes.fromHex("ff"), Bytes.utf8(line()));
    assertThatThrownBy(
            () ->
                MeasurementMaterial.requireListed(
                    Digests.sha256(file), new MeasurementDocument(file, DOCUMENT), NAME))
        .hasMessage("sha256sum.txt is not UTF-8");
  }
}
