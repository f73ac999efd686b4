package dstack.kms.attest.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.appinfo.VmConfig;
import dstack.kms.attest.material.MaterialRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.cbor.CborMap;
import dstack.kms.core.cbor.CborValue;
import dstack.kms.core.cbor.CborWriter;
import dstack.kms.core.config.GcpEvidenceConfig;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The image rule of specification 14 §5 against the registers of the vectors. */
class GcpImageRuleTest {
  private static final QuotedTpm MACHINE = QuotedTpm.read(GcpData.quote(GcpData.COMPOSED));
  private static final QuotedTpm REAL = QuotedTpm.read(GcpData.quote(GcpData.REAL));
  private static final VmConfig CURRENT = VmConfig.parse(GcpData.COMPOSED.config());
  private static final VmConfig LEGACY = VmConfig.parse(GcpData.LEGACY.config());
  private static final Bytes UKI =
      Bytes.fromHex("9ab14a46f858662a89adc102d2a57a13f52f75c1769d65a4c34edbbfc8855f0f");
  private static final GcpImageRule STRICT = rule(List.of(), false);
  private static final GcpImageRule BARE = rule(List.of(), true);

  @Test
  void acceptsTheImageOfTheMaterial() {
    assertThat(CURRENT.osImageHash().hex()).isEqualTo(GcpData.expected("os_image_hash_current"));
    require(STRICT, MACHINE, CURRENT);
    require(BARE, MACHINE, CURRENT);
  }

  @Test
  void acceptsTheHashOfTheBootProgramOnlyWhereTheOperatorSaysSo() {
    assertThat(LEGACY.osImageHash()).isEqualTo(UKI);
    require(BARE, MACHINE, LEGACY);
    assertRefused(
        GcpRefusal.MEASUREMENT_MISSING,
        "gcp tdx attestation requires vm_config.gcp_measurement (core.attestation.gcp.bare_uki_hash"
            + " = false: os_image_hash is not taken for the UKI hash)",
        () -> require(STRICT, MACHINE, LEGACY));
  }

  @Test
  void refusesTheRealCaptureByEveryRule() {
    VmConfig nested =
        VmConfig.parse(
            "{\"os_image_hash\":"
                + "\"455edaf063160da781efaf262e5cb12e76be20c22a033ae16bfd6f0b8260a2e0\"}");
    VmConfig embedded = VmConfig.parse(GcpData.REAL.config());
    String actual = "actual=a413e6491dfbb659f91474cd684427c9c73cccdf9d7a9aad988f5466b0c107df";
    for (VmConfig config : List.of(nested, embedded)) {
      assertRefused(
          GcpRefusal.MEASUREMENT_MISSING,
          "gcp tdx attestation requires vm_config.gcp_measurement",
          () -> require(STRICT, REAL, config));
    }
    assertRefused(
        GcpRefusal.UKI_HASH,
        "UKI hash mismatch:"
            + " expected=455edaf063160da781efaf262e5cb12e76be20c22a033ae16bfd6f0b8260a2e0, "
            + actual,
        () -> require(BARE, REAL, nested));
    assertRefused(
        GcpRefusal.UKI_HASH,
        "UKI hash mismatch: expected=, " + actual,
        () -> require(BARE, REAL, embedded));
  }

  @Test
  void refusesUnknownFirmwareUntilTheOperatorKnowsIt() {
    Bytes other = GcpData.xor(GcpImageRule.OVMF_V2, 31, 1);
    assertThat(GcpImageRule.OVMF_V2.hex()).isEqualTo(GcpData.expected("pcr0"));
    assertRefused(
        GcpRefusal.FIRMWARE,
        "PCR 0 mismatch: expected GCP OVMF v2, got " + other,
        () -> STRICT.require(other, MACHINE.bootEvents(), CURRENT));
    GcpImageRule extended = rule(List.of(other), false);
    extended.require(other, MACHINE.bootEvents(), CURRENT);
    require(extended, MACHINE, CURRENT);
    assertRefused(
        GcpRefusal.FIRMWARE,
        "PCR 0 mismatch",
        () -> extended.require(Bytes.zeros(32), MACHINE.bootEvents(), CURRENT));
  }

  @Test
  void theKnownFirmwareIsTheReplayOfItsThreeEvents() {
    byte[] version =
        "GCE Virtual Firmware v2\0".getBytes(java.nio.charset.StandardCharsets.UTF_16LE);
    Bytes technology =
        Bytes.concat(Bytes.utf8("GCE NonHostInfo\0"), Bytes.fromHex("03"), Bytes.zeros(15));
    Bytes register = Bytes.zeros(32);
    for (Bytes data : List.of(Bytes.of(version), technology, Bytes.zeros(4))) {
      register = Digests.sha256(register, Digests.sha256(data));
    }
    assertThat(register).isEqualTo(GcpImageRule.OVMF_V2);
  }

  @Test
  void refusesAnotherBootProgramBitByBit() {
    for (int i = 0; i < 32; i++) {
      List<Bytes> events = new ArrayList<>(MACHINE.bootEvents());
      events.set(2, GcpData.xor(UKI, i, 0x80));
      assertRefused(
          GcpRefusal.UKI_HASH,
          "UKI hash mismatch: expected=" + UKI + ", actual=" + events.get(2),
          () -> STRICT.require(MACHINE.pcr0(), events, CURRENT));
    }
  }

  @Test
  void refusesALogThatEndsBeforeTheBootProgram() {
    for (int events = 0; events < 3; events++) {
      List<Bytes> cut = MACHINE.bootEvents().subList(0, events);
      assertRefused(
          GcpRefusal.BOOT_SEQUENCE,
          "Event 28 not found",
          () -> STRICT.require(MACHINE.pcr0(), cut, CURRENT));
    }
  }

  @Test
  void t43_refusesWhateverWasStartedAfterTheGenuineProgram() {
    List<Bytes> events = new ArrayList<>(MACHINE.bootEvents());
    events.add(Bytes.fromHex("ee".repeat(32)));
    assertRefused(
        GcpRefusal.BOOT_SEQUENCE,
        "PCR 2 has 5 events, expected 4",
        () -> STRICT.require(MACHINE.pcr0(), events, CURRENT));
    assertRefused(
        GcpRefusal.BOOT_SEQUENCE,
        "PCR 2 has 3 events, expected 4",
        () -> STRICT.require(MACHINE.pcr0(), events.subList(0, 3), CURRENT));
  }

  @Test
  void t43_refusesASequenceThatDoesNotBeginWithTheSeparator() {
    List<Bytes> events = new ArrayList<>(MACHINE.bootEvents());
    events.set(0, GcpData.xor(events.getFirst(), 0, 1));
    assertRefused(
        GcpRefusal.BOOT_SEQUENCE,
        "PCR 2 does not begin with a separator: de3f6198",
        () -> STRICT.require(MACHINE.pcr0(), events, CURRENT));
  }

  @Test
  void bothRealLogsHaveTheExpectedSequence() {
    Bytes separator = Digests.sha256(Bytes.zeros(4));
    assertThat(MACHINE.bootEvents()).hasSize(4).startsWith(separator);
    assertThat(REAL.bootEvents()).hasSize(4).startsWith(separator);
  }

  @Test
  void looksAtTheMaterialBeforeTheFirmwareAndAtTheFirmwareBeforeTheProgram() {
    Bytes zero = Bytes.zeros(32);
    assertRefused(
        GcpRefusal.MEASUREMENT_MISSING,
        "gcp tdx attestation requires",
        () -> STRICT.require(zero, List.of(), LEGACY));
    assertRefused(
        GcpRefusal.FIRMWARE, "PCR 0 mismatch", () -> STRICT.require(zero, List.of(), CURRENT));
  }

  @Test
  void materialThatIsThereIsNotPassedOverForTheBareHash() {
    String checksums = GcpData.expected("sha256sum_txt");
    Bytes cbor = Bytes.fromHex(GcpData.expected("measurement_gcp_cbor"));
    assertRefused(
        MaterialRefusal.IMAGE_HASH,
        "gcp measurement material does not match os_image_hash: os_image_hash mismatch: expected"
            + " sha256(sha256sum.txt)=",
        () -> require(BARE, MACHINE, config(UKI, checksums, cbor)));
  }

  @Test
  void refusesMaterialThatDoesNotHangTogether() {
    String checksums = GcpData.expected("sha256sum_txt");
    Bytes cbor = Bytes.fromHex(GcpData.expected("measurement_gcp_cbor"));
    Bytes hash = Digests.sha256(Bytes.utf8(checksums));
    require(STRICT, MACHINE, config(hash, checksums, cbor));
    assertRefused(
        MaterialRefusal.DOCUMENT,
        "gcp measurement material does not match os_image_hash: measurement.gcp.cbor hash"
            + " mismatch: sha256sum.txt=f021c224",
        () -> require(STRICT, MACHINE, config(hash, checksums, GcpData.xor(cbor, 50, 1))));
    String aws = checksums.replace("measurement.gcp", "measurement.aws");
    assertRefused(
        MaterialRefusal.CHECKSUM_FILE,
        "gcp measurement material does not match os_image_hash: sha256sum.txt is missing"
            + " measurement.gcp.cbor",
        () -> require(STRICT, MACHINE, config(Digests.sha256(Bytes.utf8(aws)), aws, cbor)));
  }

  @Test
  void refusesADocumentThatIsNotOfTheAgreedForm() {
    assertUndecodable(Map.of("version", number(2), "uki_auth", raw(32)), "unsupported version 2");
    assertUndecodable(Map.of("version", number(0), "uki_auth", raw(32)), "unsupported version 0");
    assertUndecodable(
        Map.of("version", number(1), "uki_auth", raw(31)), "uki_auth has 31 bytes, expected 32");
    assertUndecodable(
        Map.of("version", number(1), "uki_auth", raw(48)), "uki_auth has 48 bytes, expected 32");
    assertUndecodable(
        Map.of("version", number(1), "uki_auth", new CborValue.Text("9a".repeat(16))),
        "uki_auth is not a byte string");
    assertUndecodable(Map.of("uki_auth", raw(32)), "missing field `version`");
    assertUndecodable(Map.of("version", number(1)), "missing field `uki_auth`");
    assertUndecodable(
        Map.of("version", number(1), "uki_auth", raw(32), "cmdline", raw(32)),
        "a field beside version and uki_auth");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "80", "a0", "f6", "a26776657273696f6e01"})
  void refusesWhatIsNoMap(String hex) {
    assertThatThrownBy(() -> ImageMeasurement.decode(Bytes.fromHex(hex)))
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith("failed to decode vm_config.gcp_measurement CBOR: ");
  }

  @Test
  void refusesEachCutAndAnythingAfterTheDocument() {
    Bytes cbor = Bytes.fromHex(GcpData.expected("measurement_gcp_cbor"));
    assertThat(ImageMeasurement.decode(cbor)).isEqualTo(new ImageMeasurement(UKI));
    for (int length = 0; length < cbor.length(); length++) {
      Bytes cut = cbor.slice(0, length);
      assertThatThrownBy(() -> ImageMeasurement.decode(cut)).isInstanceOf(RefusalException.class);
    }
    assertThatThrownBy(() -> ImageMeasurement.decode(Bytes.concat(cbor, Bytes.zeros(1))))
        .isInstanceOf(RefusalException.class);
  }

  private static void assertUndecodable(Map<String, CborValue> fields, String text) {
    Map<CborValue, CborValue> entries = new LinkedHashMap<>();
    fields.forEach((key, value) -> entries.put(new CborValue.Text(key), value));
    Bytes cbor = CborWriter.write(new CborMap(entries));
    assertThatThrownBy(() -> ImageMeasurement.decode(cbor))
        .isInstanceOf(RefusalException.class)
        .hasMessage("failed to decode vm_config.gcp_measurement CBOR: " + text);
    String checksums = Digests.sha256(cbor).hex() + "  measurement.gcp.cbor\n";
    assertThatThrownBy(
            () ->
                require(
                    STRICT,
                    MACHINE,
                    config(Digests.sha256(Bytes.utf8(checksums)), checksums, cbor)))
        .hasMessageStartingWith("failed to decode vm_config.gcp_measurement CBOR: ");
  }

  private static CborValue number(long value) {
    return new CborValue.Int(value);
  }

  private static CborValue raw(int length) {
    return new CborValue.Raw(Bytes.zeros(length));
  }

  private static VmConfig config(Bytes osImageHash, String checksums, Bytes cbor) {
    return VmConfig.parse(
        "{\"os_image_hash\":\"%s\",\"gcp_measurement\":{\"checksum_file\":\"%s\",\"measurement\":\"%s\"}}"
            .formatted(osImageHash.hex(), base64(Bytes.utf8(checksums)), base64(cbor)));
  }

  private static String base64(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.toArray());
  }

  private static GcpImageRule rule(List<Bytes> firmware, boolean bare) {
    return new GcpImageRule(new GcpEvidenceConfig(firmware, bare, List.of(), List.of()));
  }

  private static void require(GcpImageRule rule, QuotedTpm machine, VmConfig config) {
    rule.require(machine.pcr0(), machine.bootEvents(), config);
  }

  private static void assertRefused(RefusalCode code, String text, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(RefusalException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageStartingWith(text);
  }
}
