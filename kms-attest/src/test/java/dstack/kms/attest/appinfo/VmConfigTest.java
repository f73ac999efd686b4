package dstack.kms.attest.appinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Vectors;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The VM configuration of specification 10 §4. */
class VmConfigTest {
  private static final String HASH =
      "14ad42d0270b444eaeb53918a5a94d9b17eec7a817cd336173b17c5327541c67";

  @Test
  void readsTheRealConfiguration() {
    VmConfig config =
        VmConfig.parse(Vectors.json("tdx/dstack_quote_report.json").get("vm_config").stringValue());
    assertThat(config.osImageHash().hex()).isEqualTo(HASH);
    assertThat(config.cpuCount()).isEqualTo(16);
    assertThat(config.memorySize()).isEqualTo(BigInteger.valueOf(68719476736L));
    assertThat(config.qemuSinglePassAddPages()).contains(false);
    assertThat(config.pic()).contains(false);
  }

  @Test
  void readsTheMeasurementDocumentOfTheRealLiteGuest() {
    VmConfig config =
        VmConfig.parse(
            Vectors.json("platforms/os-image/tdx-lite-getquote.json")
                .get("vm_config")
                .stringValue());
    assertThat(config.tdxAttestationVariant()).isEqualTo(TdxAttestationVariant.LITE);
    assertThat(config.tdxMeasurement()).isPresent();
    assertThat(config.tdxMeasurement().orElseThrow().measurement().isEmpty()).isFalse();
  }

  @Test
  void hasDefaultsForEveryKey() {
    VmConfig config = VmConfig.parse("{}");
    assertThat(config.osImageHash()).isEqualTo(Bytes.EMPTY);
    assertThat(config.cpuCount()).isZero();
    assertThat(config.memorySize()).isZero();
    assertThat(config.pciHole64Size()).isZero();
    assertThat(config.numNics()).isEqualTo(1);
    assertThat(config.numGpus()).isZero();
    assertThat(config.numNvswitches()).isZero();
    assertThat(config.numVerityVolumes()).isZero();
    assertThat(config.hugepages()).isFalse();
    assertThat(config.swtpm()).isFalse();
    assertThat(config.hotplugOff()).isFalse();
    assertThat(config.hostShareMode()).isEmpty();
    assertThat(config.image()).isEmpty();
    assertThat(config.qemuVersion()).isEmpty();
    assertThat(config.pic()).isEmpty();
    assertThat(config.qemuSinglePassAddPages()).isEmpty();
    assertThat(config.ovmfPre202505()).isFalse();
    assertThat(config.tdxAttestationVariant()).isEqualTo(TdxAttestationVariant.LEGACY);
    assertThat(config.tdxMeasurement()).isEmpty();
    assertThat(config.gcpMeasurement()).isEmpty();
    assertThat(config.awsMeasurement()).isEmpty();
  }

  @Test
  void readsEveryKeyAsStated() {
    String document = "{\"checksum_file\":\"YQ==\",\"measurement\":\"\"}";
    VmConfig config =
        VmConfig.parse(
            "{\"os_image_hash\":\"AB\",\"cpu_count\":4294967295,\"memory_size\":18446744073709551615,"
                + "\"qemu_single_pass_add_pages\":true,\"pic\":true,\"qemu_version\":\"8\","
                + "\"pci_hole64_size\":1,\"hugepages\":true,\"num_gpus\":2,\"num_nvswitches\":3,"
                + "\"hotplug_off\":true,\"image\":\"i\",\"host_share_mode\":\"h\",\"num_nics\":4,"
                + "\"num_verity_volumes\":5,\"swtpm\":true,\"ovmf_variant\":\"pre202505\","
                + "\"tdx_attestation_variant\":\"lite\",\"tdx_measurement\":"
                + document
                + ",\"gcp_measurement\":"
                + document
                + ",\"aws_measurement\":"
                + document
                + "}");
    assertThat(config)
        .usingRecursiveComparison()
        .isEqualTo(
            new VmConfig(
                Bytes.fromHex("ab"),
                4294967295L,
                new BigInteger("18446744073709551615"),
                java.util.Optional.of(true),
                java.util.Optional.of(true),
                java.util.Optional.of("8"),
                BigInteger.ONE,
                true,
                2,
                3,
                4,
                5,
                true,
                true,
                java.util.Optional.of("i"),
                "h",
                true,
                TdxAttestationVariant.LITE,
                java.util.Optional.of(document()),
                java.util.Optional.of(document()),
                java.util.Optional.of(document())));
  }

  private static MeasurementDocument document() {
    return new MeasurementDocument(Bytes.utf8("a"), Bytes.EMPTY);
  }

  @Test
  void takesNullOnlyForOptionalKeys() {
    for (String name :
        new String[] {
          "qemu_single_pass_add_pages",
          "pic",
          "qemu_version",
          "image",
          "ovmf_variant",
          "tdx_measurement",
          "gcp_measurement",
          "aws_measurement"
        }) {
      assertThat(VmConfig.parse("{\"" + name + "\":null}")).isEqualTo(VmConfig.parse("{}"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "1",
        "\"{}\"",
        "{",
        "{}{}",
        "{} x",
        "{\"a\":1,\"a\":2}",
        "{a:1}",
        "{\"os_image_hash\":null}",
        "{\"os_image_hash\":\"0\"}",
        "{\"os_image_hash\":\"0x00\"}",
        "{\"os_image_hash\":\"zz\"}",
        "{\"os_image_hash\":1}",
        "{\"os_image_hash\":\"00\",\"os_image_hash\":\"01\"}",
        "{\"cpu_count\":null}",
        "{\"cpu_count\":-1}",
        "{\"cpu_count\":4294967296}",
        "{\"cpu_count\":1.5}",
        "{\"cpu_count\":1e1}",
        "{\"cpu_count\":\"1\"}",
        "{\"memory_size\":18446744073709551616}",
        "{\"memory_size\":-1}",
        "{\"memory_size\":null}",
        "{\"pci_hole64_size\":true}",
        "{\"hugepages\":1}",
        "{\"hugepages\":null}",
        "{\"pic\":\"true\"}",
        "{\"qemu_version\":8}",
        "{\"num_nics\":null}",
        "{\"swtpm\":\"\"}",
        "{\"hotplug_off\":null}",
        "{\"image\":[]}",
        "{\"host_share_mode\":null}",
        "{\"ovmf_variant\":\"202505\"}",
        "{\"ovmf_variant\":1}",
        "{\"tdx_attestation_variant\":\"LITE\"}",
        "{\"tdx_attestation_variant\":null}",
        "{\"tdx_measurement\":{}}",
        "{\"tdx_measurement\":[]}",
        "{\"tdx_measurement\":{\"checksum_file\":\"YQ==\"}}",
        "{\"tdx_measurement\":{\"checksum_file\":\"YQ\\n==\",\"measurement\":\"\"}}",
        "{\"gcp_measurement\":\"\"}",
        "{\"aws_measurement\":1}",
      })
  void refusesTheWholeForOneBadKey(String json) {
    assertThatThrownBy(() -> VmConfig.parse(json))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(AppInfoRefusal.VM_CONFIG))
        .hasMessageStartingWith("Failed to parse vm config: ");
  }

  @Test
  void refusesMoreThanOneMebibyte() {
    assertThatThrownBy(() -> VmConfig.parse("{}" + " ".repeat(1 << 20)))
        .hasMessage("Failed to parse vm config: longer than 1 MiB");
  }

  @Test
  void prefersWhatCameBesideTheEvidence() {
    String one = "{\"cpu_count\":1}";
    String two = "{\"cpu_count\":2}";
    assertThat(VmConfig.resolve(one, two).cpuCount()).isEqualTo(1);
    assertThat(VmConfig.resolve("", two).cpuCount()).isEqualTo(2);
    assertThat(VmConfig.resolve("", "").cpuCount()).isZero();
    assertThatThrownBy(() -> VmConfig.resolve("x", two)).isInstanceOf(RefusalException.class);
  }

  @Test
  void unwrapsAWholeSystemConfigurationOnlyWhereTheAgentDoes() {
    String nested = "{\"vm_config\":\"{\\\"cpu_count\\\":3}\"}";
    assertThat(VmConfig.resolve(nested, "").cpuCount()).isZero();
    assertThat(VmConfig.resolveNested(nested, "").cpuCount()).isEqualTo(3);
    assertThat(VmConfig.resolveNested("", nested).cpuCount()).isEqualTo(3);
    assertThat(VmConfig.resolveNested("{\"vm_config\":{}}", "").cpuCount()).isZero();
    assertThatThrownBy(() -> VmConfig.resolveNested("{\"vm_config\":\"x\"}", ""))
        .hasMessageStartingWith("Failed to parse vm config: ");
    assertThatThrownBy(() -> VmConfig.resolveNested("x", ""))
        .hasMessageStartingWith("Failed to parse vm config: ");
  }
}
