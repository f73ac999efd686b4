package dstack.kms.sim.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.eventlog.TdxEvent;
import dstack.kms.attest.evidence.TdxEvidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.gcp.GcpImageRule;
import dstack.kms.attest.image.Rtmr0Rule;
import dstack.kms.attest.image.TdxImageCheck;
import dstack.kms.attest.image.archive.ArchiveLimits;
import dstack.kms.attest.image.store.ImageStore;
import dstack.kms.attest.image.store.ImageStoreSettings;
import dstack.kms.attest.verify.ImageVerifier;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.GcpEvidenceConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.sim.pccs.PccsFault;
import dstack.kms.sim.pccs.SimulatedPccs;
import dstack.kms.sim.platform.PlatformKind;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.sim.platform.SimulatedPlatform;
import dstack.kms.sim.testing.MakersParty;
import dstack.kms.sim.testing.TestPlatform;
import dstack.kms.testkit.PlatformTable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code docs/reference/platforms.md} says is checked is checked, and nothing is left out. */
final class PlatformTableTest {
  private static final PlatformTable TABLE = PlatformTable.read();
  private static final Map<PlatformLies.Place, List<Lie>> LIES = PlatformLies.all();
  private static final String ACCEPTED = "accepted";

  @TempDir private static Path folder;
  private static SimulatedPlatform platform;
  private static SimulatedPccs service;

  @BeforeAll
  static void open() throws IOException {
    platform = TestPlatform.in(folder);
    service = SimulatedPccs.serve(0, platform);
  }

  @AfterAll
  static void close() {
    service.close();
  }

  @Test
  void columnsAreThePlatforms() {
    assertThat(TABLE.platforms())
        .containsExactlyElementsOf(
            Stream.of(PlatformKind.values()).map(PlatformKind::word).toList());
    assertThat(TABLE.cellsOfRelease()).hasSize(TABLE.platforms().size());
  }

  @Test
  void everyCellWithACodeHasItsLieAndEveryLieItsCell() {
    Set<PlatformLies.Place> named =
        TABLE.cellsOfVerification().stream()
            .filter(cell -> !cell.codes().isEmpty())
            .map(PlatformTableTest::place)
            .collect(Collectors.toSet());
    assertThat(LIES.keySet()).containsExactlyInAnyOrderElementsOf(named);
  }

  @Test
  void everyFootnoteIsNamedAndHasAText() {
    assertThat(TABLE.usedNotes()).containsExactlyInAnyOrderElementsOf(TABLE.notes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "| check | `a` |\n|---|---|\n| one | |",
        "| check | `a` |\n|---|---|\n| one | — |",
        "| check | `a` |\n|---|---|\n| one | refused |",
        "| check | `a` |\n|---|---|\n| one | `x` `y` |",
        "| check | `a` |\n|---|---|\n| one | `x` | `y` |",
        "| check | `a` |\n|---|---|\n| one | `x` |\n| one | `y` |"
      })
  void tableOfAnotherFormIsNotRead(String page) {
    assertThatThrownBy(() -> PlatformTable.parse(page))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource
  void unbrokenEvidenceIsAccepted(PlatformKind kind) {
    try (MakersParty party = MakersParty.trusting(platform)) {
      assertThat(verdict(party, SimulatedIdentity.on(kind.usual()))).isEqualTo(ACCEPTED);
    }
  }

  static List<PlatformTable.Cell> cells() {
    return TABLE.cellsOfVerification().stream().filter(cell -> !cell.codes().isEmpty()).toList();
  }

  @ParameterizedTest
  @MethodSource("cells")
  void lieIsRefusedWithTheCodesThatTheTableNames(PlatformTable.Cell cell) {
    PlatformKind kind = PlatformKind.ofWord(cell.platform()).orElseThrow();
    Set<String> seen =
        LIES.getOrDefault(place(cell), List.of()).stream()
            .map(lie -> verdict(kind, lie))
            .collect(Collectors.toSet());
    assertThat(seen).containsExactlyInAnyOrderElementsOf(cell.codes());
  }

  private static PlatformLies.Place place(PlatformTable.Cell cell) {
    return new PlatformLies.Place(cell.check(), cell.platform());
  }

  private static String verdict(PlatformKind kind, Lie lie) {
    SimulatedIdentity guest = SimulatedIdentity.on(kind.usual());
    return switch (lie) {
      case Lie.Fault wrong -> verdict(guest, wrong.fault());
      case Lie.Status status -> verdict(guest.change().tcb(status.tcb()).done());
      case Lie.Service wrong -> withoutService(guest, wrong.fault());
      case Lie.ClaimsTdxImage claim -> imageVerdict(guest, claim.vmConfig());
      case Lie.RootOfAnother _ -> {
        try (MakersParty party = MakersParty.ofProduction(platform)) {
          yield verdict(party, guest);
        }
      }
    };
  }

  private static String verdict(SimulatedIdentity guest, SimulatedFault... faults) {
    service.inject(faults);
    try (MakersParty party = MakersParty.trusting(platform, faults)) {
      return verdict(party, guest, faults);
    } finally {
      service.inject();
    }
  }

  private static String withoutService(SimulatedIdentity guest, PccsFault fault) {
    service.misbehave(fault);
    try (MakersParty party = MakersParty.trusting(platform)) {
      return verdict(party, guest);
    } finally {
      service.misbehave(PccsFault.NONE);
    }
  }

  private static String verdict(
      MakersParty party, SimulatedIdentity guest, SimulatedFault... faults) {
    return codeOf(() -> party.judge(platform.attest(guest, TestPlatform.REPORT_DATA, faults)));
  }

  /** The rule for images of TDX guests, with nothing configured. */
  private static String imageVerdict(SimulatedIdentity guest, String vmConfig) {
    Bytes named = withNamedAcpiEvents(platform.attest(guest, TestPlatform.REPORT_DATA));
    ImageStore store =
        new ImageStore(
            new ImageStoreSettings(
                folder.resolve("images"),
                "http://127.0.0.1:1/{OS_IMAGE_HASH}.tar.gz",
                Optional.of(Duration.ofSeconds(10)),
                ArchiveLimits.standard(),
                Duration.ofSeconds(10)),
            InstantSource.fixed(platform.now()));
    try (MakersParty party = MakersParty.trusting(platform)) {
      ImageVerifier images =
          new ImageVerifier(
              new TdxImageCheck(store, new Rtmr0Rule.Refused()),
              new GcpImageRule(GcpEvidenceConfig.defaults()));
      return codeOf(() -> images.require(party.verify(named), vmConfig));
    } finally {
      store.close();
    }
  }

  /** The firmware leaves its three events without a name; a guest gives them theirs. */
  private static Bytes withNamedAcpiEvents(Bytes container) {
    UnverifiedAttestation read = UnverifiedAttestation.decode(container);
    TdxEvidence evidence = (TdxEvidence) read.evidence();
    List<String> names = new ArrayList<>(List.of("acpi-loader", "acpi-rsdp", "acpi-tables"));
    List<TdxEvent> log =
        evidence.eventLog().stream()
            .map(event -> event.isAcpiData() ? renamed(event, names.removeFirst()) : event)
            .toList();
    return new UnverifiedAttestation(
            read.container(),
            new TdxEvidence(evidence.quote(), log),
            read.claimedReportData(),
            read.runtimeEvents(),
            read.config(),
            read.reportDataPayload())
        .encode();
  }

  private static TdxEvent renamed(TdxEvent event, String name) {
    return TdxEvent.v1(event.imr(), event.eventType(), event.digest(), name, event.payload());
  }

  private static String codeOf(Runnable judgement) {
    try {
      judgement.run();
      return ACCEPTED;
    } catch (RefusalException e) {
      return e.code().code();
    }
  }
}
