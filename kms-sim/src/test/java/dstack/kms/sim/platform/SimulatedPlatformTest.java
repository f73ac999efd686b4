package dstack.kms.sim.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.dcap.VerifiedQuote;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.sim.collateral.SimulatedTcb;
import dstack.kms.sim.collateral.TeeKind;
import dstack.kms.sim.container.ContainerVersion;
import dstack.kms.sim.pki.PckAuthority;
import dstack.kms.sim.pki.SimulatedDevice;
import dstack.kms.sim.quote.QuoteLayout;
import dstack.kms.sim.quote.QuoteRecipe;
import dstack.kms.sim.quote.SgxReport;
import dstack.kms.sim.testing.RelyingParty;
import dstack.kms.sim.testing.TestPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Accepted under the simulated root and refused under Intel's: each positive test has its twin. */
final class SimulatedPlatformTest {
  private static final String NOT_UNDER_INTEL =
      "failed to verify TDX quote: UnknownRevocationStatus";

  @TempDir private Path folder;
  private SimulatedPlatform platform;
  private RelyingParty relyingParty;
  private RelyingParty trustingIntel;

  @BeforeEach
  void open() {
    platform = TestPlatform.in(folder);
    relyingParty = RelyingParty.trusting(platform);
    trustingIntel = RelyingParty.trustingIntel(platform);
  }

  static Stream<SimulatedIdentity> guests() {
    SimulatedIdentity standard = SimulatedIdentity.standard();
    return Stream.of(
        standard,
        standard.change().container(ContainerVersion.V1).done(),
        standard.change().container(ContainerVersion.V1).eventVersion(2).done(),
        standard.change().layout(QuoteLayout.V5_TD10).done(),
        standard.change().layout(QuoteLayout.V5_TD15).done(),
        standard.change().authority(PckAuthority.PROCESSOR).device(4).done(),
        standard.change().instanceId(Bytes.EMPTY).osImageHash(Bytes.EMPTY).done(),
        standard.change().keyProvider("{\"name\":\"tpm\",\"id\":\"\"}").done());
  }

  @ParameterizedTest
  @MethodSource("guests")
  void guestIsAcceptedUnderTheSimulatedRootWithTheIdentityItHas(SimulatedIdentity identity) {
    VerifiedAttestation verified = relyingParty.verify(identity);
    assertThat(verified.tcbStatus()).isEqualTo("UpToDate");
    assertThat(verified.advisoryIds()).isEmpty();
    assertThat(verified.reportData()).isEqualTo(TestPlatform.REPORT_DATA);
    BootInfo info = verified.bootInfo("", MeasurementPoint.RUNTIME);
    assertThat(info.appId().value()).isEqualTo(identity.appId());
    assertThat(info.composeHash().value()).isEqualTo(identity.composeHash());
    assertThat(info.instanceId().value()).isEqualTo(identity.instanceId());
    assertThat(info.osImageHash()).isEqualTo(identity.osImageHash());
    assertThat(info.keyProviderInfo()).isEqualTo(identity.keyProvider());
    assertThat(info.deviceId())
        .isEqualTo(Digests.sha256(ppid(identity)))
        .isEqualTo(platform.boot(identity).facts().deviceId());
  }

  @ParameterizedTest
  @MethodSource("guests")
  void guestIsRefusedUnderIntelsRoot(SimulatedIdentity identity) {
    assertThatThrownBy(() -> trustingIntel.verify(identity))
        .isInstanceOf(RefusalException.class)
        .hasMessage(NOT_UNDER_INTEL);
  }

  /** Even a server that was handed Intel's own root lists believes no simulated signer. */
  @Test
  void guestIsRefusedUnderIntelsRootWithIntelsCollateral() {
    Collateral intels =
        Collateral.fromJson(
            dstack.kms.testkit.Vectors.text("tdx/fmspc_B0C06F000000_2026-08.collateral.json"));
    Bytes quote = platform.boot(SimulatedIdentity.standard()).quote(TestPlatform.REPORT_DATA);
    assertThatThrownBy(
            () ->
                trustingIntel
                    .quoteVerifier()
                    .verify(quote, intels, java.time.Instant.ofEpochSecond(1786700000)))
        .isInstanceOf(RefusalException.class)
        .hasMessage("Failed to verify certificate chain: UnknownIssuer");
  }

  /** Names alone must not do: another folder's roots have the same ones. */
  @Test
  void guestIsRefusedUnderTheRootOfAnotherFolder(@TempDir Path elsewhere) {
    RelyingParty stranger = RelyingParty.trusting(TestPlatform.in(elsewhere));
    Bytes attestation = platform.attest(SimulatedIdentity.standard(), TestPlatform.REPORT_DATA);
    assertThatThrownBy(() -> stranger.verify(attestation, PckAuthority.PLATFORM))
        .isInstanceOf(RefusalException.class)
        .hasMessage(
            "failed to verify TDX quote: Failed to verify certificate chain:"
                + " InvalidSignatureForPublicKey");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "REVOKED")
  void quoteHasTheStatusThatItsMachineWasGiven(SimulatedTcb tcb) {
    SimulatedIdentity identity = SimulatedIdentity.standard().change().tcb(tcb).done();
    VerifiedAttestation verified = relyingParty.verify(identity);
    assertThat(verified.tcbStatus()).isEqualTo(tcb.status());
    assertThat(verified.advisoryIds()).isEqualTo(tcb.advisoryIds());
    assertThatThrownBy(() -> trustingIntel.verify(identity)).hasMessage(NOT_UNDER_INTEL);
  }

  @Test
  void revokedPlatformIsRefused() {
    SimulatedIdentity revoked =
        SimulatedIdentity.standard().change().tcb(SimulatedTcb.REVOKED).done();
    assertThatThrownBy(() -> relyingParty.verify(revoked))
        .isInstanceOf(RefusalException.class)
        .hasMessage("failed to verify TDX quote: TCB status is invalid: Revoked");
  }

  @Test
  void sgxQuoteOfVersion3IsAcceptedUnderTheSimulatedRootOnly() {
    SimulatedDevice device = platform.pki().device(0, PckAuthority.PLATFORM);
    Bytes quote =
        QuoteRecipe.sgx(SgxReport.ofQuotingEnclave(TeeKind.SGX), device, platform.pki().freshKey())
            .make();
    Collateral collateral =
        Collateral.fromJson(platform.collateral(TeeKind.SGX, PckAuthority.PLATFORM).toJson());
    VerifiedQuote verified =
        relyingParty.quoteVerifier().verify(quote, collateral, TestPlatform.NOW);
    assertThat(verified.ppid()).isEqualTo(device.identity().ppid());
    assertThatThrownBy(
            () -> trustingIntel.quoteVerifier().verify(quote, collateral, TestPlatform.NOW))
        .isInstanceOf(RefusalException.class)
        .hasMessage("UnknownRevocationStatus");
  }

  @Test
  void devicesDifferAndKeepTheirIdsAcrossFolders(@TempDir Path elsewhere) {
    SimulatedPlatform other = TestPlatform.in(elsewhere);
    List<Bytes> ids =
        Stream.of(0, 1, 2).map(number -> deviceId(platform, number)).distinct().toList();
    assertThat(ids).hasSize(3);
    assertThat(deviceId(other, 1)).isEqualTo(ids.get(1));
  }

  @Test
  void measurementsFollowTheImageAndTheApplication() {
    SimulatedIdentity standard = SimulatedIdentity.standard();
    BootInfo first = bootInfo(standard);
    BootInfo sameAgain = bootInfo(standard);
    BootInfo otherImage =
        bootInfo(standard.change().osImageHash(Bytes.fromHex("12".repeat(32))).done());
    BootInfo otherApp = bootInfo(standard.change().appId(Bytes.fromHex("12".repeat(20))).done());
    assertThat(sameAgain).isEqualTo(first);
    assertThat(otherImage.mrSystem()).isNotEqualTo(first.mrSystem());
    assertThat(otherApp.mrSystem()).isEqualTo(first.mrSystem());
    assertThat(otherApp.mrAggregated()).isNotEqualTo(first.mrAggregated());
  }

  @Test
  void everyQuoteHasItsOwnAttestationKey() {
    SimulatedGuest guest = platform.boot(SimulatedIdentity.standard());
    Bytes first = guest.quote(TestPlatform.REPORT_DATA);
    Bytes second = guest.quote(TestPlatform.REPORT_DATA);
    assertThat(first.slice(700, 764)).isNotEqualTo(second.slice(700, 764));
  }

  @Test
  void collateralFileVerifiesQuotesWithoutANetwork() throws IOException {
    String json = Files.readString(folder.resolve("platform/collateral.json"));
    Bytes quote = platform.boot(SimulatedIdentity.standard()).quote(TestPlatform.REPORT_DATA);
    assertThat(
            relyingParty
                .quoteVerifier()
                .verify(quote, Collateral.fromJson(json), TestPlatform.NOW)
                .status()
                .text())
        .isEqualTo("UpToDate");
  }

  @Test
  void reopenedYearsLaterItMakesCollateralForThatTime() {
    SimulatedPlatform later =
        TestPlatform.in(folder, () -> TestPlatform.NOW.plus(Duration.ofDays(3650)));
    VerifiedAttestation verified =
        RelyingParty.trusting(later).verify(SimulatedIdentity.standard());
    assertThat(verified.tcbStatus()).isEqualTo("UpToDate");
  }

  @ParameterizedTest
  @CsvSource({"19", "21", "0", "31"})
  void t12_t13_refusesAGuestThatMeasuredAnAppIdOfAnotherLength(int length) {
    SimulatedIdentity odd = SimulatedIdentity.standard().change().appId(Bytes.zeros(length)).done();
    assertThatThrownBy(() -> bootInfo(odd)).hasMessage("app_id must be 20 bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33})
  void t13_refusesAGuestThatMeasuredAComposeHashOfAnotherLength(int length) {
    SimulatedIdentity odd =
        SimulatedIdentity.standard().change().composeHash(Bytes.zeros(length)).done();
    assertThatThrownBy(() -> bootInfo(odd)).hasMessage("compose_hash must be 32 bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 19, 21})
  void t13_refusesAGuestThatMeasuredAnInstanceIdOfAnotherLength(int length) {
    SimulatedIdentity odd =
        SimulatedIdentity.standard().change().instanceId(Bytes.zeros(length)).done();
    assertThatThrownBy(() -> bootInfo(odd)).hasMessage("instance_id must be 20 bytes or empty");
  }

  @Test
  void refusesUnknownDevicesAndEventVersions() {
    assertThatThrownBy(() -> SimulatedIdentity.standard().change().device(-1).done())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SimulatedIdentity.standard().change().eventVersion(3).done())
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(SimulatedTcb.ofStatus("uptodate")).isEmpty();
    assertThat(ContainerVersion.ofNumber(2)).isEmpty();
  }

  private Bytes ppid(SimulatedIdentity identity) {
    return platform.pki().device(identity.device(), identity.authority()).identity().ppid();
  }

  private BootInfo bootInfo(SimulatedIdentity identity) {
    return relyingParty.verify(identity).bootInfo("", MeasurementPoint.RUNTIME);
  }

  private static Bytes deviceId(SimulatedPlatform platform, int number) {
    return platform
        .boot(SimulatedIdentity.standard().change().device(number).done())
        .facts()
        .deviceId();
  }
}
