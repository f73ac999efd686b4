package dstack.kms.core.certificate;

import static dstack.kms.core.certificate.CertificateFixtures.LEAF_KEY;
import static dstack.kms.core.certificate.CertificateFixtures.NOW;
import static dstack.kms.core.certificate.CertificateFixtures.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.KeyVectors;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class KmsExtensionsTest {
  static Stream<JsonNode> vectors() {
    return KeyVectors.each("x509_extensions");
  }

  private static KmsExtension extension(JsonNode vector) {
    String oid = vector.get("oid").stringValue();
    return Arrays.stream(KmsExtension.values())
        .filter(e -> e.oid().equals(oid))
        .findFirst()
        .orElseThrow();
  }

  private static CertificateTemplate template() {
    return new CertificateTemplate(LEAF_KEY, NOW, NOW).commonName("x");
  }

  private static KmsExtensions of(CertificateTemplate template) {
    return new KmsExtensions(CertificateFixtures.parsed(ROOT.issue(template)));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void writesTheVectorsByteForByteAndReadsThemBack(JsonNode vector) throws IOException {
    Bytes content = KeyVectors.bytes(vector, "content");
    assertThat(Bytes.of(ExtensionWriter.nested(extension(vector), content).getEncoded("DER")))
        .isEqualTo(KeyVectors.bytes(vector, "extension_der"));
    KmsExtensions read = of(template().extension(extension(vector), content));
    assertThat(read.find(extension(vector))).contains(content);
  }

  @Test
  void findsNothingWhereThereIsNothing() {
    for (KmsExtension extension : KmsExtension.values()) {
      assertThat(of(template()).find(extension)).isEmpty();
    }
    assertThat(of(template()).specialUsage()).isEmpty();
  }

  @Test
  void readsTheSpecialUsageAndRefusesWhatIsNoText() {
    assertThat(of(template().usage(SpecialUsage.KMS_RPC)).specialUsage()).contains("kms:rpc");
    KmsExtensions broken =
        of(template().extension(KmsExtension.SPECIAL_USAGE, Bytes.fromHex("ff")));
    assertThatThrownBy(broken::specialUsage).isInstanceOf(RefusalException.class);
  }

  @Test
  void refusesEachExtensionThatOccursTwice() {
    for (KmsExtension extension : KmsExtension.values()) {
      KmsExtensions twice =
          of(template().extension(extension, Bytes.EMPTY).extension(extension, Bytes.EMPTY));
      assertThatThrownBy(() -> twice.find(extension))
          .isInstanceOf(RefusalException.class)
          .hasMessageStartingWith("Failed to get extension for [1, 3, 6, 1, 4, 1, 62397, 1, ");
    }
  }

  /** Not nested, empty, trailing byte, truncated, another tag, length not minimal. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "6b6d733a727063",
        "",
        "0401aa00",
        "0402aa",
        "0c07" + "6b6d733a727063",
        "048101aa",
        "2403" + "0401aa",
        "04800000"
      })
  void refusesAValueThatIsNotExactlyOneOctetString(String value) {
    ParsedCertificate rewritten =
        ParsedCertificate.parse(OddCertificates.withAttestationValue(Bytes.fromHex(value)));
    assertThatThrownBy(() -> new KmsExtensions(rewritten).find(KmsExtension.ATTESTATION))
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith("Failed to get extension for [1, 3, 6, 1, 4, 1, 62397, 1, 8]: ");
  }
}
