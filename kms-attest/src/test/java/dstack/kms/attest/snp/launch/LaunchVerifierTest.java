package dstack.kms.attest.snp.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.snp.RealSnp;
import dstack.kms.attest.snp.report.SnpReport;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.cbor.CborMap;
import dstack.kms.core.cbor.CborReader;
import dstack.kms.core.cbor.CborValue;
import dstack.kms.core.cbor.CborWriter;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** The real launch of the vectors, whole and with one thing changed. */
final class LaunchVerifierTest {
  private static final SnpReport REPORT = SnpReport.parse(RealSnp.report());

  @Test
  void findsTheRealLaunch() {
    VerifiedLaunch launch = verify(RealSnp.vmConfig());

    assertThat(launch.osImageHash().hex())
        .isEqualTo("f69c8e5031ec2b269bbc08839ce02cb98ee255d695626f941f4b37b95946d352");
    assertThat(launch.mrConfig().appId().hex())
        .isEqualTo("86e59625be93207bc2351c4d1bba20037cec8e16");
    assertThat(launch.mrConfig().keyProviderInfo().utf8Text())
        .startsWith("{\"name\":\"kms\",\"id\":\"3059301306072a86");
    assertThat(launch.mrConfig().initScriptHashes()).isEmpty();
  }

  @Test
  void takesValuesFromANestedConfigurationWhereTheTopHasNone() {
    ObjectNode config = RealSnp.vmConfig();
    ObjectNode outer = RealSnp.json("{}");
    outer.put("vm_config", config.toString());

    assertThat(verify(outer).osImageHash()).isEqualTo(verify(config).osImageHash());

    outer.put("os_image_hash", "00".repeat(32));
    assertThatThrownBy(() -> verify(outer))
        .hasMessageStartingWith(
            "amd sev-snp measurement material does not match os_image_hash: os_image_hash"
                + " mismatch: expected sha256(sha256sum.txt)=f69c8e50");
  }

  @ParameterizedTest
  @CsvSource({
    "sev_snp_measurement, sev_snp_measurement is required for amd sev-snp",
    "os_image_hash, os_image_hash is required for amd sev-snp",
    "mr_config, mr_config is required for amd sev-snp",
  })
  void refusesMissingInputs(String name, String text) {
    ObjectNode without = RealSnp.vmConfig();
    without.remove(name);
    ObjectNode empty = RealSnp.vmConfig();
    empty.putNull(name);

    assertThatThrownBy(() -> verify(without)).hasMessage(text);
    assertThatThrownBy(() -> verify(empty)).hasMessage(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sev_snp_measurement", "mr_config", "os_image_hash", "vm_config"})
  void refusesInputsThatAreNoText(String name) {
    ObjectNode object = RealSnp.vmConfig();
    object.putObject(name);

    assertThatThrownBy(() -> verify(object))
        .hasMessageStartingWith("failed to parse vm_config for amd sev-snp: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "{}x", "{\"mr_config\":\"\",\"mr_config\":\"\"}"})
  void refusesConfigurationThatIsNoStrictObject(String text) {
    assertThatThrownBy(() -> LaunchVerifier.verify(REPORT.measurement(), REPORT.hostData(), text))
        .hasMessageStartingWith("failed to parse vm_config for amd sev-snp: ");
  }

  @Test
  void namesTheFirstMissingInputInTheOrderOfUse() {
    assertThatThrownBy(() -> LaunchVerifier.verify(REPORT.measurement(), REPORT.hostData(), "{}"))
        .hasMessage("sev_snp_measurement is required for amd sev-snp");
  }

  @Test
  void refusesOldFlatMeasurementDocument() {
    assertThatThrownBy(() -> verify(RealSnp.json(RealSnp.bare().config())))
        .hasMessage("failed to parse sev_snp_measurement: unknown field");
  }

  @Test
  void refusesUnknownMembersOfTheMeasurementDocument() {
    assertThatThrownBy(() -> verify(withStated(stated -> stated.put("cmdline", "x"))))
        .hasMessage("failed to parse sev_snp_measurement: unknown field");
  }

  @Test
  void refusesMaterialThatTheImageDoesNotList() {
    assertThatThrownBy(() -> verify(withStated(stated -> stated.put("measurement", "aGVsbG8="))))
        .hasMessageStartingWith(
            "amd sev-snp measurement material does not match os_image_hash: measurement.snp.cbor"
                + " hash mismatch: sha256sum.txt=07c29d6e");
  }

  @ParameterizedTest
  @CsvSource({
    "guest_features, 0, guest_features must set SNPActive (bit 0)",
    "guest_features, 2, guest_features must set SNPActive (bit 0)",
    "guest_features, 33, guest_features 0x21 has more than SNPActive",
    "guest_features, 18446744073709551615, guest_features 0xffffffffffffffff has more than"
        + " SNPActive",
    "vcpus, 0, vcpus must be greater than zero",
    "vcpus, 513, vcpus must not exceed 512",
    "vcpus, 4294967295, vcpus must not exceed 512",
    "vcpus, 1, amd sev-snp measurement mismatch",
    "vcpus, 3, amd sev-snp measurement mismatch",
    "vcpus, 512, amd sev-snp measurement mismatch",
  })
  void t43_refusesOtherLaunchParameters(String name, String value, String text) {
    assertThatThrownBy(() -> verify(withStated(stated -> stated.put(name, new BigInteger(value)))))
        .hasMessage(text);
  }

  @ParameterizedTest
  @CsvSource({
    "'', vcpu_type is required",
    "'  ', vcpu_type is required",
    "EPYC-v9, unknown vcpu_type EPYC-v9",
    "EPYC-Milan, amd sev-snp measurement mismatch",
  })
  void t43_refusesOtherProcessorModels(String value, String text) {
    assertThatThrownBy(() -> verify(withStated(stated -> stated.put("vcpu_type", value))))
        .hasMessage(text);
  }

  @Test
  void refusesMissingProcessorModel() {
    assertThatThrownBy(() -> verify(withStated(stated -> stated.putNull("vcpu_type"))))
        .hasMessage("vcpu_type is required");
  }

  @Test
  void takesModelNamesOfSameSignature() {
    assertThat(verify(withStated(stated -> stated.put("vcpu_type", "epyc-ibpb")))).isNotNull();
  }

  @Test
  void t43_refusesEveryFlippedByteOfTheMrConfig() {
    String document = RealSnp.vmConfig().get("mr_config").stringValue();
    for (int i = 0; i < document.length(); i++) {
      char other = (char) (document.charAt(i) ^ 1);
      String changed = document.substring(0, i) + other + document.substring(i + 1);
      ObjectNode config = RealSnp.vmConfig();
      config.put("mr_config", changed);
      assertThatThrownBy(() -> verify(config)).hasMessage("amd sev-snp host_data mismatch");
      assertThatThrownBy(() -> LaunchVerifier.requireHostData(REPORT.hostData(), changed))
          .hasMessageStartingWith("amd sev-snp HOST_DATA mismatch, quoted: 783f0057");
    }
  }

  @Test
  void t43_refusesEveryFlippedByteOfMeasurementAndHostData() {
    String config = RealSnp.vmConfig().toString();
    for (int i = 0; i < 48; i++) {
      Bytes changed = RealSnp.xor(REPORT.measurement(), i, 1);
      assertThatThrownBy(() -> LaunchVerifier.verify(changed, REPORT.hostData(), config))
          .hasMessage("amd sev-snp measurement mismatch");
    }
    for (int i = 0; i < 32; i++) {
      Bytes changed = RealSnp.xor(REPORT.hostData(), i, 128);
      assertThatThrownBy(() -> LaunchVerifier.verify(REPORT.measurement(), changed, config))
          .hasMessage("amd sev-snp host_data mismatch");
    }
  }

  @Test
  void t43_refusesEveryFlippedByteOfTheImageDocumentUnderAnImageHashOfItsOwn() {
    Bytes document = document(RealSnp.vmConfig());
    int accepted = 0;
    for (int i = 0; i < document.length(); i++) {
      Bytes changed = RealSnp.xor(document, i, 1);
      try {
        verify(consistent(changed));
        accepted++;
      } catch (RefusalException expected) {
        assertThat(expected.text()).isNotEmpty();
      }
    }
    // Two bytes each of the sizes of the secrets, CPUID and hashes sections, of which one page is
    // measured whatever their size, and two bytes of the page in the address of the hashes table,
    // of which only the place in the page counts: nothing of the guest depends on them.
    assertThat(accepted).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource({
    "version, 2, failed to parse measurement.snp.cbor: unsupported version 2",
    "version, 4, failed to parse measurement.snp.cbor: unsupported version 4",
    "version, -1, failed to parse measurement.snp.cbor: version is negative",
    "hashes_table_gpa, 0, sev_hashes_table_gpa must be non-zero",
    "reset_eip, 0, sev_es_reset_eip must be non-zero",
    "reset_eip, 4294967296, failed to parse measurement.snp.cbor: reset_eip has more than 32 bits",
    "hashes_table_gpa, 4095, sev hash table overflows 4096-byte page",
  })
  void refusesImageNumbersOutOfRange(String name, long value, String text) {
    assertThatThrownBy(() -> verify(consistent(withMember(name, new CborValue.Int(value)))))
        .hasMessage(text);
  }

  @ParameterizedTest
  @CsvSource({
    "ovmf_hash, 47, failed to parse measurement.snp.cbor: ovmf_hash must be 48 bytes",
    "ovmf_hash, 0, failed to parse measurement.snp.cbor: ovmf_hash must be 48 bytes",
    "kernel_hash, 0, failed to parse measurement.snp.cbor: kernel_hash must be 32 bytes",
    "initrd_hash, 31, failed to parse measurement.snp.cbor: initrd_hash must be 32 bytes",
  })
  void refusesImageHashesOfOtherLength(String name, int length, String text) {
    CborValue value = new CborValue.Raw(Bytes.zeros(length));

    assertThatThrownBy(() -> verify(consistent(withMember(name, value)))).hasMessage(text);
  }

  @ParameterizedTest
  @CsvSource({
    "console=ttyS0, cmdline has no dstack.rootfs_hash",
    "xdstack.rootfs_hash=00, cmdline has no dstack.rootfs_hash",
    "dstack.rootfs_hash=, dstack.rootfs_hash must be 32 bytes of hex",
    "dstack.rootfs_hash=00, dstack.rootfs_hash must be 32 bytes of hex",
  })
  void refusesCommandLineWithoutRootFileSystem(String cmdline, String text) {
    CborValue value = new CborValue.Text(cmdline);

    assertThatThrownBy(() -> verify(consistent(withMember("cmdline", value)))).hasMessage(text);
  }

  @Test
  void refusesSectionsThatNoFirmwareHas() {
    assertRefused(List.of(), "ovmf_sections are required for amd sev-snp");
    assertRefused(
        Collections.nCopies(65, section(0, 4096, 1)), "ovmf section count must not exceed 64");
    assertRefused(List.of(section(0x1000, 0, 1)), "ovmf section size must be greater than zero");
    assertRefused(List.of(section(0x1000, 4096, 5)), "unknown ovmf section_type 0x5");
    assertRefused(List.of(section(0x1000, 4096, 0)), "unknown ovmf section_type 0x0");
    assertRefused(
        List.of(section(0x1000, 4096, 1)),
        "ovmf metadata does not include a snp_kernel_hashes section");
    assertRefused(
        List.of(section(0, 4096, 1), section(0, LaunchInputs.MAX_PAGES * 4096, 1)),
        "ovmf metadata page count must not exceed 262144");
    assertRefused(
        List.of(section(0, Long.MAX_VALUE, 1), section(0, Long.MAX_VALUE, 1)),
        "ovmf metadata page count must not exceed 262144");
  }

  @Test
  void refusesImageDocumentThatIsNoMapOrHasTrailingBytes() {
    Bytes document = document(RealSnp.vmConfig());
    for (Bytes other :
        List.of(
            Bytes.EMPTY,
            Bytes.fromHex("80"),
            Bytes.concat(document, Bytes.zeros(1)),
            document.slice(0, document.length() - 1))) {
      assertThatThrownBy(() -> verify(consistent(other)))
          .hasMessageStartingWith("failed to parse measurement.snp.cbor: ");
    }
  }

  private static void assertRefused(List<CborValue> sections, String text) {
    Bytes document = withMember("ovmf_sections", new CborValue.Array(sections));

    assertThatThrownBy(() -> verify(consistent(document))).hasMessage(text);
  }

  private static CborValue section(long gpa, long size, long type) {
    Map<CborValue, CborValue> entries = new LinkedHashMap<>();
    entries.put(new CborValue.Text("gpa"), new CborValue.Int(gpa));
    entries.put(new CborValue.Text("size"), new CborValue.Int(size));
    entries.put(new CborValue.Text("type"), new CborValue.Int(type));
    return new CborMap(entries);
  }

  private static Bytes withMember(String name, CborValue value) {
    CborMap map = CborReader.readAll(document(RealSnp.vmConfig())).asMap("document");
    Map<CborValue, CborValue> entries = new LinkedHashMap<>(map.entries());
    entries.put(new CborValue.Text(name), value);
    return CborWriter.write(new CborMap(entries));
  }

  private static Bytes document(ObjectNode config) {
    String stated = config.get("sev_snp_measurement").stringValue();
    return Bytes.of(
        Base64.getDecoder().decode(RealSnp.json(stated).get("measurement").stringValue()));
  }

  /** A configuration whose image hash names the document. */
  private static ObjectNode consistent(Bytes document) {
    Bytes checksums = Bytes.utf8(Digests.sha256(document) + "  measurement.snp.cbor\n");
    ObjectNode config =
        withStated(
            stated -> {
              Base64.Encoder base64 = Base64.getEncoder();
              stated.put("checksum_file", base64.encodeToString(checksums.toArray()));
              stated.put("measurement", base64.encodeToString(document.toArray()));
            });
    config.put("os_image_hash", Digests.sha256(checksums).hex());
    return config;
  }

  private static ObjectNode withStated(Consumer<ObjectNode> change) {
    ObjectNode config = RealSnp.vmConfig();
    ObjectNode stated = RealSnp.json(config.get("sev_snp_measurement").stringValue());
    change.accept(stated);
    config.put("sev_snp_measurement", stated.toString());
    return config;
  }

  private static VerifiedLaunch verify(ObjectNode config) {
    return LaunchVerifier.verify(REPORT.measurement(), REPORT.hostData(), config.toString());
  }

  @Test
  void takesAConsistentConfigurationOfTheSameDocument() {
    assertThat(verify(consistent(document(RealSnp.vmConfig()))).mrConfig().appId().length())
        .isEqualTo(20);
  }
}
