package dstack.kms.attest.snp.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.snp.RealSnp;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected values are those of the vectors' README and of specification 16 §2. */
final class SnpReportTest {
  private static final String NOT_ZERO =
      "failed to parse amd sev-snp report: Skipped bytes were expected to be zeroed.";
  private static final Bytes REAL = RealSnp.report();

  @Test
  void readsEveryFieldOfARealMilanReport() {
    SnpReport report = SnpReport.parse(REAL);

    assertThat(report.version()).isEqualTo(3);
    assertThat(report.vmpl()).isZero();
    assertThat(report.policy().bits()).isEqualTo(0x30000);
    assertThat(report.platformInfo().bits()).isEqualTo(0x25);
    assertThat(report.keyInfo().bits()).isZero();
    assertThat(report.reportData().slice(0, 24).utf8Text()).isEqualTo("attest-test-fixture-2026");
    assertThat(report.measurement().hex()).startsWith("7f51e17f").endsWith("f05d");
    assertThat(report.hostData().hex())
        .isEqualTo("783f0057820acb99249af56cc3b07b4e8d80f65183167cba9cf437bb680f742f");
    assertThat(report.chipId().hex()).startsWith("38d17458").endsWith("b877");
    assertThat(report.cpuId()).contains(new CpuId(0x19, 1, 1));
    assertThat(report.currentTcb()).isEqualTo(TcbVersion.of(4, 0, 0x18, 0xd5));
    assertThat(report.reportedTcb()).isEqualTo(TcbVersion.of(4, 0, 0x17, 0xd5));
    assertThat(report.committedTcb()).isEqualTo(TcbVersion.of(4, 0, 0x18, 0xd5));
    assertThat(report.launchTcb()).isEqualTo(TcbVersion.of(4, 0, 0x18, 0xd5));
    assertThat(report.idKeyDigest().isAllZero()).isTrue();
    assertThat(report.authorKeyDigest().isAllZero()).isTrue();
    assertThat(report.signedBytes().length()).isEqualTo(0x2a0);
    assertThat(SnpProduct.candidatesFor(report)).containsExactly(SnpProduct.MILAN);
  }

  @Test
  void readsARealReportOfVersionTwoWithoutAProcessor() {
    SnpReport report = SnpReport.parse(RealSnp.debugReport());

    assertThat(report.version()).isEqualTo(2);
    assertThat(report.policy().bits()).isEqualTo(0xb0000);
    assertThat(report.cpuId()).isEmpty();
    assertThat(report.reportedTcb()).isEqualTo(TcbVersion.of(2, 0, 5, 0x44));
    assertThat(SnpProduct.candidatesFor(report))
        .containsExactly(SnpProduct.GENOA, SnpProduct.MILAN, SnpProduct.TURIN);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1183, 1185, 4096})
  void refusesReportOfOtherLength(int length) {
    assertThatThrownBy(() -> SnpReport.parse(REAL.paddedTo(length).slice(0, length)))
        .hasMessage("invalid amd sev-snp report length: expected 1184 bytes, got " + length);
  }

  @ParameterizedTest
  @CsvSource({
    "0, failed to parse amd sev-snp report: unsupported version 0",
    "1, failed to parse amd sev-snp report: unsupported version 1",
    "4, unsupported amd sev-snp report version: 4",
    "5, unsupported amd sev-snp report version: 5",
    "255, unsupported amd sev-snp report version: 255",
  })
  void refusesOtherVersions(int version, String text) {
    assertThatThrownBy(() -> SnpReport.parse(RealSnp.set(REAL, 0, version))).hasMessage(text);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0x4c,
        0x4f,
        0x18b,
        0x19f,
        0x1eb,
        0x1ef,
        0x1f8,
        0x29f,
        0x3a,
        0x3d,
        0x182,
        0x185,
        0x1e2,
        0x1f5,
        0x2a0 + 48,
        0x2a0 + 71,
        0x2a0 + 120,
        0x2a0 + 143,
        0x2a0 + 144,
        1183
      })
  void refusesReservedBytesThatAreNotZero(int offset) {
    assertThatThrownBy(() -> SnpReport.parse(RealSnp.set(REAL, offset, 1))).hasMessage(NOT_ZERO);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x188, 0x189, 0x18a})
  void refusesProcessorInAReportOfVersionTwo(int offset) {
    assertThatThrownBy(() -> SnpReport.parse(RealSnp.set(RealSnp.debugReport(), offset, 1)))
        .hasMessage(NOT_ZERO);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 255})
  void refusesOtherSignatureAlgorithms(int algorithm) {
    assertThatThrownBy(() -> SnpReport.parse(RealSnp.set(REAL, 0x34, algorithm)))
        .hasMessage("unsupported amd sev-snp signature algorithm: " + algorithm);
  }

  @Test
  void readsComponentsOfTurinInTheirOwnOrder() {
    Bytes turin = RealSnp.set(REAL, 0x188, 0x1a, 0x02, 0);
    for (int offset : List.of(0x38, 0x180, 0x1e0, 0x1f0)) {
      turin = RealSnp.set(turin, offset, 1, 2, 3, 4, 0, 0, 0, 5);
    }

    SnpReport report = SnpReport.parse(turin);

    assertThat(report.reportedTcb()).isEqualTo(new TcbVersion(OptionalInt.of(1), 2, 3, 4, 5));
    assertThat(SnpProduct.candidatesFor(report)).containsExactly(SnpProduct.TURIN);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6})
  void refusesUnusedComponentBytesOfTurin(int index) {
    Bytes turin = RealSnp.set(REAL, 0x188, 0x1a, 0x02, 0);
    for (int offset : List.of(0x38, 0x180, 0x1e0, 0x1f0)) {
      turin = RealSnp.set(turin, offset, 1, 2, 3, 4, 0, 0, 0, 5);
    }
    Bytes changed = RealSnp.set(turin, 0x180 + index, 9);

    assertThatThrownBy(() -> SnpReport.parse(changed)).hasMessage(NOT_ZERO);
  }

  @ParameterizedTest
  @CsvSource({
    "19, 00, MILAN",
    "19, 0f, MILAN",
    "19, 10, GENOA",
    "19, 1f, GENOA",
    "19, a0, GENOA",
    "19, af, GENOA",
    "1a, 00, TURIN",
    "1a, 11, TURIN",
  })
  void knowsTheProductOfAProcessor(String family, String model, SnpProduct product) {
    assertThat(SnpProduct.candidatesFor(withCpu(family, model))).containsExactly(product);
  }

  @ParameterizedTest
  @CsvSource({
    "19, 20, unsupported amd sev-snp CPUID model for family 19h: 0x20",
    "19, 9f, unsupported amd sev-snp CPUID model for family 19h: 0x9f",
    "19, b0, unsupported amd sev-snp CPUID model for family 19h: 0xb0",
    "1a, 12, unsupported amd sev-snp CPUID model for family 1Ah: 0x12",
    "17, 31, unsupported amd sev-snp CPUID family: 0x17",
    "1b, 00, unsupported amd sev-snp CPUID family: 0x1b",
  })
  void refusesUnknownProcessors(String family, String model, String text) {
    assertThatThrownBy(() -> SnpProduct.candidatesFor(withCpu(family, model))).hasMessage(text);
  }

  private static SnpReport withCpu(String family, String model) {
    Bytes bytes =
        RealSnp.set(REAL, 0x188, Integer.parseInt(family, 16), Integer.parseInt(model, 16));
    for (int offset : List.of(0x38, 0x180, 0x1e0, 0x1f0)) {
      bytes = RealSnp.set(bytes, offset, 0, 0, 0, 0, 0, 0, 0, 0);
    }
    return SnpReport.parse(bytes);
  }

  @Property
  void readsOrRefusesAnyBytesAtReportLength(
      @ForAll @Size(SnpReport.LENGTH) byte[] input,
      @ForAll @IntRange(min = 0, max = 5) int version) {
    byte[] report = input.clone();
    report[0] = (byte) version;
    try {
      SnpReport parsed = SnpReport.parse(Bytes.of(report));
      assertThat(parsed.version()).isIn(2, 3);
    } catch (RefusalException expected) {
      assertThat(expected.code()).isInstanceOf(SnpReportRefusal.class);
    }
  }

  @Property
  void comparesComponentsOneByOne(
      @ForAll @IntRange(min = 0, max = 254) int floor,
      @ForAll @IntRange(min = 0, max = 3) int which) {
    int[] parts = {floor, floor, floor, floor};
    TcbVersion minimum = TcbVersion.of(floor, floor, floor, floor);
    parts[which] = floor + 1;
    TcbVersion newer = TcbVersion.of(parts[0], parts[1], parts[2], parts[3]);

    assertThat(newer.isAtLeast(minimum)).isTrue();
    assertThat(minimum.isAtLeast(newer)).isFalse();
  }
}
