package dstack.kms.attest.snp.report;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.snp.RealSnp;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.SnpEvidenceConfig;
import dstack.kms.core.config.SnpEvidenceConfig.Floor;
import dstack.kms.core.config.SnpFamily;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReportPolicyTest {
  private static final Bytes REAL = RealSnp.report();

  @Test
  void takesARealReport() {
    assertThatCode(() -> ReportPolicy.require(SnpReport.parse(REAL))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "0x30, 1, amd sev-snp report must be generated at vmpl0",
    "0x33, 1, amd sev-snp report must be generated at vmpl0",
    "0x0a, 0x0b, amd sev-snp guest policy allows debug",
    "0x0a, 0x07, amd sev-snp guest policy allows migration agent",
    "0x48, 2, amd sev-snp report masks the chip signing key",
    "0x48, 4, 'unsupported amd sev-snp signing key: expected vcek, got 1'",
    "0x48, 0x1c, 'unsupported amd sev-snp signing key: expected vcek, got 7'",
    "0x0a, 2, amd sev-snp platform has smt enabled but guest policy does not allow smt",
    "0x0a, 0x83, 'amd sev-snp guest policy requires rapl disabled, but platform reports rapl"
        + " enabled'",
    "0x0b, 1, 'amd sev-snp guest policy requires ciphertext hiding, but platform does not report"
        + " it'",
    "0x0a, 1, amd sev-snp report has bits of unknown meaning",
    "0x0b, 2, amd sev-snp report has bits of unknown meaning",
    "0x0f, 0x80, amd sev-snp report has bits of unknown meaning",
    "0x47, 0x80, amd sev-snp report has bits of unknown meaning",
    "0x48, 0x20, amd sev-snp report has bits of unknown meaning",
  })
  void refusesWhatARuleForbids(String offset, String value, String text) {
    Bytes changed = RealSnp.set(REAL, Integer.decode(offset), Integer.decode(value));

    assertThatThrownBy(() -> ReportPolicy.require(SnpReport.parse(changed))).hasMessage(text);
  }

  @Test
  void namesTheFirstOfSeveralBrokenRules() {
    Bytes changed = RealSnp.set(RealSnp.set(REAL, 0x48, 6), 0x0a, 0x0f);

    assertThatThrownBy(() -> ReportPolicy.require(SnpReport.parse(changed)))
        .hasMessage("amd sev-snp guest policy allows debug");
  }

  @Test
  void takesWhatThePlatformHasAsAsked() {
    Bytes asked = RealSnp.set(RealSnp.set(REAL, 0x0a, 0x83, 1), 0x40, 0x3d);

    assertThatCode(() -> ReportPolicy.require(SnpReport.parse(asked))).doesNotThrowAnyException();
  }

  @Test
  void t05_switchesAWholeProductFamilyOff() {
    PlatformRequirements withoutMilan =
        new PlatformRequirements(
            config(Set.of(SnpFamily.GENOA, SnpFamily.TURIN), true, false, Floor.NONE));

    assertThatThrownBy(() -> withoutMilan.require(SnpProduct.MILAN, SnpReport.parse(REAL)))
        .hasMessage("amd sev-snp product Milan is not allowed by this server");
  }

  @Test
  void t28_takesNoProductFromAnEmptyList() {
    PlatformRequirements none = new PlatformRequirements(config(Set.of(), true, false, Floor.NONE));

    for (SnpProduct product : SnpProduct.values()) {
      assertThatThrownBy(() -> none.requireAllowed(product)).hasMessageContaining("not allowed");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"5,0,0,0", "0,1,0,0", "0,0,24,0", "0,0,0,214"})
  void t05_refusesComponentsBelowTheMinimum(String floor) {
    String[] parts = floor.split(",", -1);
    Floor minimum =
        new Floor(
            0,
            Integer.parseInt(parts[0]),
            Integer.parseInt(parts[1]),
            Integer.parseInt(parts[2]),
            Integer.parseInt(parts[3]));
    PlatformRequirements strict =
        new PlatformRequirements(config(Set.of(SnpFamily.MILAN), true, false, minimum));

    assertThatThrownBy(() -> strict.require(SnpProduct.MILAN, SnpReport.parse(REAL)))
        .hasMessageContaining("tcb is below the configured minimum");
  }

  @Test
  void takesComponentsThatReachTheMinimumExactly() {
    Floor minimum = new Floor(0, 4, 0, 0x17, 0xd5);
    PlatformRequirements exact =
        new PlatformRequirements(config(Set.of(SnpFamily.MILAN), true, false, minimum));

    assertThatCode(() -> exact.require(SnpProduct.MILAN, SnpReport.parse(REAL)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(ints = {0x38, 0x180, 0x1e0, 0x1f0})
  void asksTheMinimumOfEachOfTheFourVersions(int offset) {
    Floor minimum = new Floor(0, 4, 0, 0, 0);
    PlatformRequirements exact =
        new PlatformRequirements(config(Set.of(SnpFamily.MILAN), true, false, minimum));
    Bytes older = RealSnp.set(REAL, offset, 3);

    assertThatThrownBy(() -> exact.require(SnpProduct.MILAN, SnpReport.parse(older)))
        .hasMessageContaining("tcb is below the configured minimum");
  }

  @Test
  void asksForTheAliasCheckUnlessItIsSwitchedOff() {
    SnpReport unchecked = SnpReport.parse(RealSnp.set(REAL, 0x40, 0x05));
    PlatformRequirements asking = new PlatformRequirements(SnpEvidenceConfig.defaults());
    PlatformRequirements off =
        new PlatformRequirements(config(Set.of(SnpFamily.MILAN), false, false, Floor.NONE));

    assertThatThrownBy(() -> asking.require(SnpProduct.MILAN, unchecked))
        .hasMessage("amd sev-snp platform did not complete its memory alias check");
    assertThatCode(() -> off.require(SnpProduct.MILAN, unchecked)).doesNotThrowAnyException();
  }

  @Test
  void asksForOneSocketOnlyIfConfigured() {
    PlatformRequirements asking =
        new PlatformRequirements(config(Set.of(SnpFamily.MILAN), true, true, Floor.NONE));
    SnpReport single = SnpReport.parse(RealSnp.set(REAL, 0x0a, 0x13));

    assertThatThrownBy(() -> asking.require(SnpProduct.MILAN, SnpReport.parse(REAL)))
        .hasMessage("amd sev-snp guest policy does not require a single socket");
    assertThatCode(() -> asking.require(SnpProduct.MILAN, single)).doesNotThrowAnyException();
  }

  @Test
  void asksForIdAndAuthorKeysOnlyIfConfigured() {
    Bytes key = Bytes.fromHex("a5".repeat(48));
    Bytes withId = RealSnp.set(REAL, 0xe0, key.toArray());
    Bytes withAuthor = RealSnp.set(REAL, 0x110, key.toArray());
    PlatformRequirements id = new PlatformRequirements(keys(List.of(key), List.of()));
    PlatformRequirements author = new PlatformRequirements(keys(List.of(), List.of(key)));

    assertThatThrownBy(() -> id.require(SnpProduct.MILAN, SnpReport.parse(REAL)))
        .hasMessage("amd sev-snp guest is signed by no accepted id key");
    assertThatThrownBy(() -> id.require(SnpProduct.MILAN, SnpReport.parse(withAuthor)))
        .hasMessage("amd sev-snp guest is signed by no accepted id key");
    assertThatCode(() -> id.require(SnpProduct.MILAN, SnpReport.parse(withId)))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> author.require(SnpProduct.MILAN, SnpReport.parse(REAL)))
        .hasMessage("amd sev-snp guest is signed by no accepted author key");
    assertThatThrownBy(() -> author.require(SnpProduct.MILAN, SnpReport.parse(withAuthor)))
        .hasMessage("amd sev-snp guest is signed by no accepted author key");
    Bytes enabled = RealSnp.set(withAuthor, 0x48, 1);
    assertThatCode(() -> author.require(SnpProduct.MILAN, SnpReport.parse(enabled)))
        .doesNotThrowAnyException();
  }

  private static SnpEvidenceConfig keys(List<Bytes> id, List<Bytes> author) {
    return new SnpEvidenceConfig(
        Set.of(SnpFamily.MILAN), true, false, Duration.ofSeconds(10), Map.of(), id, author);
  }

  private static SnpEvidenceConfig config(
      Set<SnpFamily> products, boolean aliasCheck, boolean singleSocket, Floor milan) {
    return new SnpEvidenceConfig(
        products,
        aliasCheck,
        singleSocket,
        Duration.ofSeconds(10),
        Map.of(SnpFamily.MILAN, milan),
        List.of(),
        List.of());
  }
}
