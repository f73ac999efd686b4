package dstack.kms.attest.snp.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.snp.RealSnp;
import dstack.kms.attest.snp.report.SnpReport;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected values were computed independently: specification 16 §5, vectors. */
final class LaunchMeasurementTest {
  private static final String SYNTHETIC =
      "88b48404819692fd2a5068f1a07bf1973bbcaa1314adc670705f9388762a759faf889f8e2c71fe1ec892554415257960";

  @Test
  void extendsTheDigestByOnePage() {
    LaunchDigest digest = new LaunchDigest(Bytes.zeros(48));

    digest.update(PageType.NORMAL, 0x1000, Digests.sha384(Bytes.utf8("page")));

    assertThat(digest.value().hex())
        .isEqualTo(
            "3ebc1a70acc0bae5ae2788fae29a0371f983b19a68faf9843064f36040f58571ce5bb6bcdc9c361087073f8cffd92635");
  }

  @Test
  void computesTheSyntheticMeasurement() {
    assertThat(measure(Launches.synthetic(), stated(2, "EPYC-v4")).hex()).isEqualTo(SYNTHETIC);
  }

  @Test
  void computesTheRealMeasurementStepByStep() {
    OsImageMeasurement image = realImage();
    LaunchInputs inputs = LaunchInputs.of(image, realStated());
    LaunchMeasurement measurement = new LaunchMeasurement(inputs);
    LaunchDigest digest = new LaunchDigest(image.ovmfHash());
    List<String> steps = new ArrayList<>();
    for (OvmfSection section : image.sections()) {
      measurement.add(section, digest);
      steps.add(digest.value().hex().substring(0, 8));
    }

    assertThat(steps)
        .containsExactly(
            "40b07eb7", "c740b427", "b0fa0678", "5f1f8630", "691d5c8e", "bf68f279", "d0969eec");
    assertThat(Digests.sha384(HashesPage.of(image)).hex())
        .startsWith("1e9734efa61c31fa")
        .endsWith("840e");
    assertThat(Digests.sha384(Vmsa.page(Vmsa.BOOT_EIP, inputs.vcpuSignature(), 1)).hex())
        .startsWith("77920c4c629ff47e")
        .endsWith("553a");
    assertThat(Digests.sha384(Vmsa.page(image.resetEip(), inputs.vcpuSignature(), 1)).hex())
        .startsWith("8413b852790765a3")
        .endsWith("f7b4");
    assertThat(measurement.compute()).isEqualTo(SnpReport.parse(RealSnp.report()).measurement());
  }

  @Test
  void t43_changesWithEachMeasuredInput() {
    OsImageMeasurement real = realImage();
    Bytes expected = measure(real, realStated());
    List<Bytes> changed = new ArrayList<>();
    changed.add(measure(Launches.with(real, real.cmdline() + " debug"), realStated()));
    changed.add(measure(Launches.withOvmf(real, RealSnp.xor(real.ovmfHash(), 7, 1)), realStated()));
    changed.add(
        measure(Launches.withKernel(real, RealSnp.xor(real.kernelHash(), 0, 1)), realStated()));
    changed.add(
        measure(Launches.withInitrd(real, RealSnp.xor(real.initrdHash(), 31, 128)), realStated()));
    changed.add(measure(Launches.withInitrd(real, Bytes.EMPTY), realStated()));
    changed.add(measure(Launches.withTable(real, real.hashesTableGpa() + 16), realStated()));
    changed.add(measure(Launches.withReset(real, real.resetEip() + 1), realStated()));
    changed.add(measure(real, stated(1, "EPYC-v4")));
    changed.add(measure(real, stated(3, "EPYC-v4")));
    changed.add(measure(real, stated(2, "EPYC-Milan")));
    for (int i = 0; i < real.sections().size(); i++) {
      for (OvmfSection other : Launches.variants(real.sections().get(i))) {
        List<OvmfSection> sections = new ArrayList<>(real.sections());
        sections.set(i, other);
        changed.add(measure(Launches.withSections(real, sections), realStated()));
      }
      List<OvmfSection> fewer = new ArrayList<>(real.sections());
      fewer.remove(i);
      if (fewer.stream().anyMatch(section -> section.type() == 0x10)) {
        changed.add(measure(Launches.withSections(real, fewer), realStated()));
      }
    }
    changed.add(measure(Launches.withSections(real, real.sections().reversed()), realStated()));

    assertThat(changed).hasSizeGreaterThan(20).doesNotContain(expected).doesNotHaveDuplicates();
  }

  @Test
  void measuresTheCommandLineWithoutWhiteSpaceAround() {
    OsImageMeasurement image = Launches.synthetic();

    assertThat(
            measure(Launches.with(image, "  " + image.cmdline() + "\n"), stated(2, "EPYC-v4"))
                .hex())
        .isEqualTo(SYNTHETIC);
  }

  @ParameterizedTest
  @CsvSource({
    "epyc, 800f12",
    "EPYC-v1, 800f12",
    "epyc-V2, 800f12",
    "EPYC-v3, 800f12",
    "EPYC-v4, 800f12",
    "EPYC-IBPB, 800f12",
    "EPYC-Rome, 830f10",
    "EPYC-Rome-v1, 830f10",
    "EPYC-Rome-v2, 830f10",
    "EPYC-Rome-v3, 830f10",
    "EPYC-Milan, a00f11",
    "EPYC-Milan-v1, a00f11",
    "EPYC-Milan-v2, a00f11",
    "EPYC-Genoa, a10f10",
    "EPYC-Genoa-v1, a10f10",
  })
  void knowsProcessorModels(String name, String signature) {
    assertThat(VcpuTypes.signature(name)).contains(Integer.parseInt(signature, 16));
  }

  @ParameterizedTest
  @ValueSource(strings = {"epyc-turin", "EPYC-v5", "epyc-", "host", "epyc-milan-v3", " epyc"})
  void refusesUnknownProcessorModels(String name) {
    assertThatThrownBy(() -> LaunchInputs.of(Launches.synthetic(), stated(1, name)))
        .hasMessageStartingWith("unknown vcpu_type ");
  }

  @ParameterizedTest
  @ValueSource(ints = {0xf50, 0xf60, 0xfff})
  void refusesTableThatReachesOverItsPage(int offset) {
    OsImageMeasurement image = Launches.withTable(Launches.synthetic(), 0x801000 + offset);

    if (offset + 176 <= 4096) {
      assertThat(HashesPage.of(image).length()).isEqualTo(4096);
    } else {
      assertThatThrownBy(() -> HashesPage.of(image))
          .hasMessage("sev hash table overflows 4096-byte page");
    }
  }

  private static Bytes measure(OsImageMeasurement image, SnpMeasurement stated) {
    return new LaunchMeasurement(LaunchInputs.of(image, stated)).compute();
  }

  static SnpMeasurement stated(long vcpus, String type) {
    return new SnpMeasurement(Launches.NO_MATERIAL, vcpus, Optional.of(type), BigInteger.ONE);
  }

  private static SnpMeasurement realStated() {
    return SnpMeasurement.parse(RealSnp.vmConfig().get("sev_snp_measurement").stringValue());
  }

  private static OsImageMeasurement realImage() {
    return OsImageMeasurement.parse(
        Bytes.of(
            Base64.getDecoder()
                .decode(
                    RealSnp.json(RealSnp.vmConfig().get("sev_snp_measurement").stringValue())
                        .get("measurement")
                        .stringValue())));
  }
}
