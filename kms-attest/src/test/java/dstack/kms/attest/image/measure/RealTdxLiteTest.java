package dstack.kms.attest.image.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.appinfo.VmConfig;
import dstack.kms.attest.eventlog.TdxEvent;
import dstack.kms.attest.evidence.AttestationFile;
import dstack.kms.attest.evidence.TdxEvidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.quote.TdReport;
import dstack.kms.attest.quote.UnverifiedQuote;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Vectors;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A real guest without a downloaded image (specification 17 §4). */
final class RealTdxLiteTest {
  private static final String GET_QUOTE = "platforms/os-image/tdx-lite-getquote.json";
  private static final String CONFIG = Vectors.json(GET_QUOTE).get("vm_config").stringValue();

  private static UnverifiedAttestation attestation(String name) {
    return AttestationFile.parse(Bytes.of(Vectors.bytes(name)));
  }

  private static TdxEvidence evidence(String name) {
    return (TdxEvidence) attestation(name).evidence();
  }

  private static TdReport report(TdxEvidence evidence) {
    return (TdReport) UnverifiedQuote.parse(evidence.quote()).report();
  }

  private static void require(VmConfig config, List<TdxEvent> log) {
    TdxLite.measurements(config).with(AcpiDigests.stated(log)).require(report(evidence(GET_QUOTE)));
  }

  private static VmConfig config(UnaryOperator<ObjectNode> change) {
    ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(CONFIG);
    return VmConfig.parse(change.apply(json).toString());
  }

  private static List<TdxEvent> log() {
    return evidence(GET_QUOTE).eventLog();
  }

  @ParameterizedTest
  @ValueSource(strings = {GET_QUOTE, "platforms/os-image/tdx-lite-attestation.json"})
  void findsTheRegistersOfTheQuote(String name) {
    TdxEvidence evidence = evidence(name);
    Registers expected =
        TdxLite.measurements(VmConfig.parse(CONFIG)).with(AcpiDigests.stated(evidence.eventLog()));

    expected.require(report(evidence));
    assertThat(expected.mrtd().hex()).startsWith("fd685522").endsWith("ac5a1c5");
    assertThat(expected.rtmr0().hex()).startsWith("f8438db3").endsWith("ba6640");
    assertThat(expected.rtmr1().hex()).startsWith("2023546e").endsWith("0d2aee");
    assertThat(expected.rtmr2().hex()).startsWith("4c1b739e").endsWith("f392dc");
  }

  @Test
  void listsTheMemoryAsTheSpecificationSays() {
    assertThat(TdxLite.measurements(VmConfig.parse(CONFIG)).tdHobDigest())
        .hasToString(
            "0b8772e5b0b41b83e6044a68397e02f49fb47066b4fbe4917ea2c45c64f323fdacbb37948f821ebaf8bc9c938ba8a749");
    assertThat(
            TdxLite.measurements(config(json -> json.put("memory_size", 4L << 30))).tdHobDigest())
        .hasToString(
            "5b684faf8d02a733945f821d9cdd170802e72103977acf66949c9382500283adc90cbec57f8e7653f8bee1cab83689de");
  }

  @ParameterizedTest
  @CsvSource({
    "qemu_version, 9.1.0, MRs do not match: MRTD mismatch: expected=a6f2ac94",
    "qemu_version, 7.2.0, Unsupported QEMU version",
    "qemu_version, eight, Invalid QEMU version",
    "os_image_hash, 00, tdx lite measurement material does not match os_image_hash: os_image_hash"
        + " mismatch",
    "os_image_hash, '', tdx lite measurement material does not match os_image_hash: os_image_hash"
        + " mismatch"
  })
  void refusesAnotherConfiguration(String field, String value, String text) {
    assertThatThrownBy(() -> require(config(json -> json.put(field, value)), log()))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0x0",
    "0x1",
    "0x7fffffff",
    "0x80000001",
    "0xaffff000",
    "0xafffffff",
    "0x10000000000001"
  })
  void refusesMemoryThatTheDocumentDoesNotCover(String size) {
    assertThatThrownBy(
            () -> require(config(json -> json.put("memory_size", Long.decode(size))), log()))
        .hasMessageMatching(
            "memory_size is out of range|TDX lite attestation without image download requires"
                + " memory_size == 2147483648 bytes \\(2048 MiB\\) or >= 2952790016 bytes"
                + " \\(2816 MiB\\); got "
                + Long.decode(size)
                + " bytes");
  }

  @ParameterizedTest
  @ValueSource(longs = {0xB0000000L, 4L << 30, 64L << 30})
  void refusesOtherMemoryThanTheGuestHas(long size) {
    assertThatThrownBy(() -> require(config(json -> json.put("memory_size", size)), log()))
        .hasMessageContaining("MRs do not match: RTMR0 mismatch: expected=");
  }

  @Test
  void obeysTheExplicitOrderOfPages() {
    assertThatThrownBy(
            () -> require(config(json -> json.put("qemu_single_pass_add_pages", false)), log()))
        .hasMessageContaining("MRTD mismatch");
    require(
        config(json -> json.put("qemu_single_pass_add_pages", true).put("qemu_version", "9.9.9")),
        log());
  }

  @Test
  void demandsTheDocument() {
    assertThatThrownBy(() -> require(config(RealTdxLiteTest::withoutMaterial), log()))
        .hasMessage("tdx lite attestation requires vm_config.tdx_measurement");
  }

  private static ObjectNode withoutMaterial(ObjectNode json) {
    var _ = json.remove("tdx_measurement");
    return json;
  }

  private static Bytes member(String name) {
    String base64 =
        JsonMapper.shared().readTree(CONFIG).get("tdx_measurement").get(name).stringValue();
    return Bytes.of(Base64.getDecoder().decode(base64));
  }

  private static VmConfig withMaterial(Bytes document, Bytes checksums, Bytes hash) {
    return config(
        json -> {
          ObjectNode material = json.putObject("tdx_measurement");
          material.put("measurement", Base64.getEncoder().encodeToString(document.toArray()));
          material.put("checksum_file", Base64.getEncoder().encodeToString(checksums.toArray()));
          return json.put("os_image_hash", hash.hex());
        });
  }

  /** As if somebody had published another image of which the changed document is part. */
  private static VmConfig withDocument(Bytes document) {
    Bytes checksums = Bytes.utf8(Digests.sha256(document) + "  measurement.tdx.cbor\n");
    return withMaterial(document, checksums, Digests.sha256(checksums));
  }

  @Test
  @DisplayName("T-43: every byte of document and checksum file counts")
  void refusesAChangedDocument() {
    Bytes document = member("measurement");
    Bytes checksums = member("checksum_file");
    Bytes hash = VmConfig.parse(CONFIG).osImageHash();
    require(withMaterial(document, checksums, hash), log());
    for (int i = 0; i < document.length(); i++) {
      Bytes changed = Synthetic.flipped(document, i);
      assertThatThrownBy(() -> require(withMaterial(changed, checksums, hash), log()))
          .hasMessageContaining("measurement.tdx.cbor hash mismatch: sha256sum.txt=");
    }
    for (int i = 0; i < checksums.length(); i++) {
      Bytes changed = Synthetic.flipped(checksums, i);
      assertThatThrownBy(() -> require(withMaterial(document, changed, hash), log()))
          .hasMessageContaining("os_image_hash mismatch: expected sha256(sha256sum.txt)=");
    }
  }

  @Test
  @DisplayName("T-43: every measured input of another image's document is compared")
  void refusesTheDocumentOfAnotherImage() {
    Bytes document = member("measurement");
    int equal = 0;
    for (int i = 0; i < document.length(); i++) {
      VmConfig changed = withDocument(Synthetic.flipped(document, i));
      equal += accepts(changed) ? 1 : 0;
    }
    assertThat(equal).as("only the MRTD of the other order is not compared").isEqualTo(48);
  }

  private static boolean accepts(VmConfig config) {
    try {
      require(config, log());
      return true;
    } catch (RefusalException refusal) {
      return false;
    }
  }

  @Test
  void refusesADocumentWithSomethingBehindIt() {
    Bytes document = member("measurement");

    assertThatThrownBy(() -> require(withDocument(Bytes.concat(document, Bytes.zeros(1))), log()))
        .hasMessageContaining("invalid measurement.tdx.cbor: 1 bytes after the CBOR item");
    for (int length = 0; length < document.length(); length += 7) {
      Bytes cut = document.slice(0, length);
      assertThatThrownBy(() -> require(withDocument(cut), log()))
          .hasMessageContaining("invalid measurement.tdx.cbor: ");
    }
  }

  @Test
  @DisplayName("T-43: the digest of every ACPI event is compared")
  void refusesAChangedAcpiEvent() {
    for (int event = 8; event <= 10; event++) {
      for (int i = 0; i < 48; i++) {
        List<TdxEvent> log = new ArrayList<>(log());
        TdxEvent original = log.get(event);
        assertThat(original.isAcpiData()).isTrue();
        log.set(event, withDigest(original, Synthetic.flipped(original.digest(), i)));
        assertThatThrownBy(() -> require(VmConfig.parse(CONFIG), log))
            .hasMessageContaining("MRs do not match: RTMR0 mismatch");
      }
    }
  }

  private static TdxEvent withDigest(TdxEvent event, Bytes digest) {
    return TdxEvent.v1(event.imr(), event.eventType(), digest, event.name(), event.payload());
  }

  @Test
  void refusesALogWithoutExactlyTheThreeEvents() {
    VmConfig config = VmConfig.parse(CONFIG);
    List<TdxEvent> none = log().stream().filter(event -> !event.isAcpiData()).toList();
    List<TdxEvent> four = new ArrayList<>(log());
    four.add(log().get(8));
    List<TdxEvent> twice = new ArrayList<>(log());
    twice.set(9, twice.get(8));
    List<TdxEvent> named = new ArrayList<>(log());
    named.set(9, named.get(9).withName("acpi-other"));
    List<TdxEvent> shortDigest = new ArrayList<>(log());
    shortDigest.set(9, withDigest(shortDigest.get(9), Bytes.zeros(32)));

    assertThatThrownBy(() -> require(config, none)).hasMessageContaining("has 0 ACPI DATA events");
    assertThatThrownBy(() -> require(config, four)).hasMessageContaining("has 4 ACPI DATA events");
    assertThatThrownBy(() -> require(config, twice)).hasMessageContaining("2 events acpi-loader");
    assertThatThrownBy(() -> require(config, named)).hasMessageContaining("0 events acpi-rsdp");
    assertThatThrownBy(() -> require(config, shortDigest)).hasMessageContaining("48 bytes");
  }

  @Test
  void refusesEventsUnderEachOthersNames() {
    List<TdxEvent> swapped = new ArrayList<>(log());
    swapped.set(8, swapped.get(8).withName("acpi-rsdp"));
    swapped.set(9, swapped.get(9).withName("acpi-loader"));

    assertThatThrownBy(() -> require(VmConfig.parse(CONFIG), swapped))
        .hasMessageContaining("RTMR0 mismatch");
  }
}
