package dstack.kms.onboard.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.source.QuoteSource;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.onboard.preflight.CheckResult.State;
import dstack.kms.onboard.testing.FakeQuotes;
import dstack.kms.onboard.testing.Machine;
import dstack.kms.onboard.testing.RecordingAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The checks in the order of Bootstrap, and what each says when something is in the way. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PreflightTest {
  private static final InstantSource CLOCK = InstantSource.system();

  private Path folder;
  private Machine machine;

  @BeforeAll
  void boot(@TempDir Path shared) {
    folder = shared;
    machine = Machine.in(shared, CLOCK);
  }

  @Test
  void findsNothingInTheWayOfAMachineThatIsAllowed() {
    PreflightReport report = look(machine.guest(), new RecordingAuthority());

    assertThat(report.isReady()).isTrue();
    assertThat(report.checks())
        .extracting(CheckResult::id)
        .containsExactly("evidence", "verification", "authority", "allowed", "clock", "store");
    assertThat(report.checks()).allMatch(check -> check.state() == State.GOOD);
    assertThat(says(report, "verification")).contains("dstack-tdx", "TCB status UpToDate");
    assertThat(says(report, "authority")).contains("contract 0x1234", "chain 8453");
    assertThat(report.facts()).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "OS image is not allowed,kms gov image add,os",
    "OS image hash not allowed,kms gov image add,os",
    "os image not allowed,kms gov image add,os",
    "Aggregated MR not allowed,kms gov mr add,mr",
    "aggregated MR not allowed,kms gov mr add,mr",
    "kms mrAggregated not allowed,kms gov mr add,mr",
    "KMS is not allowed to boot on this device,kms gov device add,device",
    "device not allowed,kms gov device add,device",
  })
  void namesTheCommandThatWouldAllowThisMachine(String reason, String command, String which) {
    BootInfo self = machine.bootInfo();
    String value =
        switch (which) {
          case "os" -> self.osImageHash().hex();
          case "mr" -> self.mrAggregated().hex();
          default -> self.deviceId().hex();
        };

    PreflightReport report = look(machine.guest(), denying(reason));

    assertThat(report.isReady()).isFalse();
    assertThat(check(report, "allowed").says()).isEqualTo("no: " + reason);
    assertThat(check(report, "allowed").advice().command()).isEqualTo(command + " 0x" + value);
  }

  @ParameterizedTest
  @CsvSource({
    "TCB status is not up to date,firmware",
    "advisory ID is not allowed,firmware",
    "missing revert data,catches up",
    "authorization backend unavailable,cannot read its policy",
  })
  void explainsReasonsThatNoRegistrationChanges(String reason, String words) {
    CheckResult allowed = check(look(machine.guest(), denying(reason)), "allowed");

    assertThat(allowed.advice().text()).contains(words);
    assertThat(allowed.advice().command()).isEmpty();
  }

  @Test
  void passesAnUnknownReasonOnWithoutAdvice() {
    CheckResult allowed = check(look(machine.guest(), denying("because")), "allowed");

    assertThat(allowed.says()).isEqualTo("no: because");
    assertThat(allowed.advice()).isEqualTo(Advice.NONE);
  }

  @Test
  void namesTheWrongImageVariantWhereEvidenceNamesNoImage() {
    MachineFacts facts = new MachineFacts(Bytes.EMPTY, Bytes.fromHex("01"), Bytes.fromHex("02"));

    Advice advice = KnownReason.about("OS image is not allowed", java.util.Optional.of(facts));

    assertThat(advice.text()).contains("wrong variant", "-uki.tar.gz");
    assertThat(advice.command()).isEmpty();
  }

  @Test
  void asksTheAuthorityNothingAboutEvidenceThatDoesNotVerify() {
    RecordingAuthority authority = new RecordingAuthority();

    PreflightReport report = look(FakeQuotes.none(), authority);

    assertThat(states(report).subList(0, 4))
        .containsExactly(
            "evidence BAD", "verification LEFT_OUT", "authority GOOD", "allowed LEFT_OUT");
    assertThat(authority.askedAboutKms()).isEmpty();
    assertThat(report.facts()).isEmpty();
  }

  @Test
  void saysThatTheAuthorityDoesNotAnswerAndAsksItNothing() {
    RecordingAuthority authority = new RecordingAuthority().silent();

    PreflightReport report = look(machine.guest(), authority);

    assertThat(states(report).subList(2, 4)).containsExactly("authority BAD", "allowed LEFT_OUT");
    assertThat(check(report, "authority").advice().text()).contains("does not answer");
    assertThat(authority.askedAboutKms()).isEmpty();
  }

  @Test
  void doesNotAskWhereSelfAuthorizationIsOff() {
    RecordingAuthority authority = denying("no");

    PreflightReport report =
        new Preflight(parts(machine.guest(), authority, false, folder, CLOCK)).look();

    assertThat(states(report)).contains("allowed LEFT_OUT");
    assertThat(authority.askedAboutKms()).isEmpty();
    assertThat(report.isReady()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"1970-01-01T00:00:00Z", "2025-12-31T23:59:59Z", "2199-01-01T00:00:00Z"})
  void refusesAClockThatCannotBeRight(Instant now) {
    Found<Instant> found = ClockCheck.look(now);

    assertThat(found).isInstanceOf(Found.Bad.class);
  }

  @Test
  void acceptsTheFirstMomentOfThisProgram() {
    assertThat(ClockCheck.look(Instant.parse("2026-01-01T00:00:00Z")))
        .isInstanceOf(Found.Good.class);
  }

  @Test
  void saysThatAFolderThatIsNotThereTakesNoKeys() throws IOException {
    Path file = Files.createFile(folder.resolve("a-file"));

    assertThat(StoreCheck.look(folder.resolve("made/by/the/server")))
        .isInstanceOf(Found.Good.class);
    assertThat(StoreCheck.look(file.resolve("missing"))).isInstanceOf(Found.Bad.class);
    assertThat(StoreCheck.look(file)).isInstanceOf(Found.Bad.class);
    assertThat(StoreCheck.look(folder)).isInstanceOf(Found.Good.class);
    assertThat(StoreCheck.look(file.resolve("missing")).toString()).doesNotContain("missing");
  }

  private PreflightReport look(QuoteSource quotes, RecordingAuthority authority) {
    return new Preflight(parts(quotes, authority, true, folder, CLOCK)).look();
  }

  private Preflight.Parts parts(
      QuoteSource quotes,
      RecordingAuthority authority,
      boolean enforced,
      Path store,
      InstantSource clock) {
    return new Preflight.Parts(quotes, machine.verifier(), authority, enforced, store, clock);
  }

  private static RecordingAuthority denying(String reason) {
    return new RecordingAuthority().answering(new Decision.Denied(reason));
  }

  private static CheckResult check(PreflightReport report, String id) {
    return report.checks().stream()
        .filter(check -> check.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static String says(PreflightReport report, String id) {
    return check(report, id).says();
  }

  private static List<String> states(PreflightReport report) {
    return report.checks().stream().map(check -> check.id() + " " + check.state()).toList();
  }
}
