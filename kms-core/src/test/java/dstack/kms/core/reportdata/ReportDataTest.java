package dstack.kms.core.reportdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.KeyVectors;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ReportDataTest {
  static Stream<JsonNode> vectors() {
    return KeyVectors.each("report_data");
  }

  static Stream<JsonNode> roots() {
    return KeyVectors.each("roots");
  }

  private static ReportDataTag tag(String name) {
    return Arrays.stream(ReportDataTag.values())
        .filter(tag -> tag.prefix().equals(Bytes.utf8(name + ":")))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void hashesTagAndContentLikeTheVectors(JsonNode vector) {
    ReportDataHash hash = ReportDataHash.ofWireName(KeyVectors.text(vector, "hash")).orElseThrow();
    ReportData made =
        ReportData.of(
            tag(KeyVectors.text(vector, "tag_utf8")), hash, KeyVectors.bytes(vector, "content"));
    assertThat(made.value()).isEqualTo(KeyVectors.bytes(vector, "report_data"));
  }

  @Test
  void usesSha512WhenNoHashIsNamed() {
    JsonNode upstream = KeyVectors.document().get("upstream_report_data_app_data_sha512");
    ReportData made =
        ReportData.of(
            ReportDataTag.APP_DATA,
            ReportDataHash.ofWireName("").orElseThrow(),
            Bytes.utf8(KeyVectors.text(upstream, "content_utf8")));
    assertThat(made.value()).isEqualTo(KeyVectors.bytes(upstream, "report_data"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHA256", "sha-256", "md5", "raw", " "})
  void knowsNoOtherHash(String name) {
    assertThat(ReportDataHash.ofWireName(name)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("roots")
  void bindsEvidenceToRootKeysAndCertificateKeysLikeTheVectors(JsonNode root) {
    Bytes spki = KeyVectors.bytes(root.get("root_ca"), "spki");
    Bytes k256 = KeyVectors.bytes(root.get("root_k256"), "public_key_compressed");
    assertThat(ReportData.ofRootKeys(spki, k256).value())
        .isEqualTo(KeyVectors.bytes(root.get("bootstrap_report_data"), "report_data"));
    assertThat(ReportData.ofCertificateKey(spki).value())
        .isEqualTo(KeyVectors.bytes(root.get("ratls_report_data_for_root_spki"), "report_data"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 32, 63, 65})
  void refusesAnotherLength(int length) {
    assertThatThrownBy(() -> new ReportData(Bytes.zeros(length)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
