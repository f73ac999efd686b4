package dstack.kms.attest.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.appinfo.AppInfo;
import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.appinfo.VmConfig;
import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.collateral.CollateralRefusal;
import dstack.kms.attest.dcap.DcapRefusal;
import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.dcap.TdxTrustAnchor;
import dstack.kms.attest.eventlog.EventLogRefusal;
import dstack.kms.attest.eventlog.EventLogVersion;
import dstack.kms.attest.eventlog.RuntimeEvent;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.eventlog.TdxEvent;
import dstack.kms.attest.evidence.GcpTdxEvidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.issuer.NoIssuerDocuments;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.attest.platform.Claims;
import dstack.kms.attest.platform.PlatformStatus;
import dstack.kms.attest.tdx.TdxRefusal;
import dstack.kms.attest.tdx.TdxVerifier;
import dstack.kms.attest.x509.PathRefusal;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.config.GcpEvidenceConfig;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.testkit.Vectors;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Both halves together: a forged machine, and the real capture of December 2025. */
class GcpTdxVerifierTest {
  private static final Instant REAL_TDX = Instant.ofEpochSecond(1_762_944_331L);
  private static final Instant REAL_TPM = Instant.parse("2026-02-01T00:00:00Z");
  private static final Collateral COLLATERAL =
      Collateral.fromJson(Vectors.text("tdx/gcp_fmspc_00806F050000_2025-10.collateral.json"));

  @Test
  void verifiesAWholeMachine() {
    for (GcpWorld world : List.of(new GcpWorld(), new GcpWorld().rsa())) {
      VerifiedGcpTdx machine = world.verify();
      assertThat(machine.pcr0()).isEqualTo(world.pcr0);
      assertThat(machine.pcr2()).isEqualTo(world.pcr2);
      assertThat(machine.pcr14().hex()).isEqualTo(GcpData.expected("pcr14"));
      assertThat(machine.status()).isEqualTo(new PlatformStatus("UpToDate", List.of(), true));
      assertThat(machine.rawDeviceId().hex()).isEqualTo("00112233445566778899aabbccddeeff");
      assertThat(machine.digest()).isEqualTo(Digests.sha256(world.tdx.quoteBytes()));
      assertThat(machine.instanceLabel()).isEqualTo(GcpData.expected("instance_id"));
      assertThat(machine.unchecked()).isEmpty();
      new GcpImageRule(world.config).require(machine, VmConfig.parse(world.claims().config()));
    }
  }

  @Test
  void verifiesAMachineWhoseEventsAreOfVersion2() {
    GcpWorld world = new GcpWorld();
    world.events =
        new RuntimeEvents(
            world.events.events().stream()
                .map(e -> new RuntimeEvent(e.name(), e.payload(), EventLogVersion.V2))
                .toList());
    VerifiedGcpTdx machine = world.verify();
    assertThat(machine.pcr14().hex()).isNotEqualTo(GcpData.expected("pcr14"));
    assertThat(machine.appInfo("", MeasurementPoint.RUNTIME).appId().hex())
        .isEqualTo(GcpData.expected("app_id"));
  }

  @Test
  void givesAuthoritiesTheValuesOfTheVectors() {
    VerifiedGcpTdx machine = new GcpWorld().verify();
    AppInfo runtime = machine.appInfo("", MeasurementPoint.RUNTIME);
    BootInfo info = runtime.toBootInfo(TeeVariant.GCP_TDX, "UpToDate", List.of());
    assertThat(info.mrAggregated().hex()).isEqualTo(GcpData.expected("mr_aggregated"));
    assertThat(info.mrSystem().hex()).isEqualTo(GcpData.expected("mr_system_current"));
    assertThat(info.deviceId())
        .isEqualTo(Digests.sha256(Bytes.fromHex("00112233445566778899aabbccddeeff")));
  }

  @Test
  void verifiesTheRealCaptureEachHalfAtItsTime() {
    VerifiedGcpTdx machine = verifyReal(GcpData.REAL, RevocationRule.REPORTED, REAL_TPM);
    assertThat(machine.status().tcbStatus()).isEqualTo("UpToDate");
    assertThat(machine.instanceLabel())
        .isEqualTo("projects/wuhan-workshop/zones/us-central1-a/instances/3444874180353627024");
    assertThat(machine.digest().hex())
        .isEqualTo("9d6cb4e5f78c27fa37957cae77a50deb70ad162d33413b37bd7d1967815b8cee");
    assertThat(machine.unchecked())
        .singleElement()
        .asString()
        .contains("EK/AK CA Intermediate")
        .contains("revoked was not checked");
    assertMeasures(
        machine,
        "",
        "728723651a5cb823a143b42f3b5b394064da4863bd5b5405ffda933e2cf9190c",
        "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925",
        "45945647b298002fab5255ac6d0fc84be25122a385fb05d51be6d1bd6483fc38",
        "b0f56b48b292b603551ca8066e3fed5cf0e32ed0706a343447b531e718cf555a");
    assertMeasures(
        machine,
        "{\"os_image_hash\":\"455edaf063160da781efaf262e5cb12e76be20c22a033ae16bfd6f0b8260a2e0\"}",
        "728723651a5cb823a143b42f3b5b394064da4863bd5b5405ffda933e2cf9190c",
        "a6742232ea9f545567b1f387a6dfca413066032149f9f416f6624603cd1b7251",
        "45945647b298002fab5255ac6d0fc84be25122a385fb05d51be6d1bd6483fc38",
        "bb3d85e1aa3b1eb220e63ccae933bef80f0ff6a976cd8a1771f6b873228db19f");
  }

  private static void assertMeasures(
      VerifiedGcpTdx machine,
      String vmConfig,
      String bootAggregated,
      String bootSystem,
      String aggregated,
      String system) {
    AppInfo boot = machine.appInfo(vmConfig, MeasurementPoint.BOOT);
    assertThat(boot.mrAggregated().hex()).isEqualTo(bootAggregated);
    assertThat(boot.mrSystem().hex()).isEqualTo(bootSystem);
    assertThat(boot.keyProviderInfo()).isEqualTo(Bytes.EMPTY);
    AppInfo runtime = machine.appInfo(vmConfig, MeasurementPoint.RUNTIME);
    assertThat(runtime.mrAggregated().hex()).isEqualTo(aggregated);
    assertThat(runtime.mrSystem().hex()).isEqualTo(system);
    assertThat(runtime.deviceId()).isEqualTo(Digests.sha256(machine.rawDeviceId()));
  }

  @Test
  void t05_refusesTheRealCaptureWithoutTheListThatItsIntermediateNames() {
    assertRefused(
        PathRefusal.REVOCATION_UNKNOWN,
        "failed to verify TPM quote: verification failed: AK certificate chain verification error:"
            + " certificate chain verification failed: UnknownRevocationStatus",
        () -> verifyReal(GcpData.REAL, RevocationRule.REQUIRED, REAL_TPM));
  }

  @Test
  void t22_refusesTheRealCaptureBeforeAndAfterItsKeysCertificate() {
    for (RevocationRule rule : RevocationRule.values()) {
      assertRefused(
          PathRefusal.NOT_IN_FORCE,
          chain("CertNotValidYet"),
          () -> verifyReal(GcpData.REAL, rule, REAL_TDX));
      assertRefused(
          PathRefusal.NOT_IN_FORCE,
          chain("CertExpired"),
          () -> verifyReal(GcpData.REAL, rule, Instant.parse("2055-12-15T11:37:46Z")));
    }
  }

  @Test
  void theRealCapturesStrippedLogIsAcceptedAndAnotherBootLogIsNot() {
    GcpTdxEvidence real = GcpData.evidence(GcpData.REAL);
    assertThat(
            verifyReal(real.stripped(), claims(GcpData.REAL), RevocationRule.REPORTED, REAL_TPM)
                .pcr0())
        .isEqualTo(GcpImageRule.OVMF_V2);
    List<TdxEvent> log = new ArrayList<>(real.eventLog());
    TdxEvent first = log.getFirst();
    log.set(0, TdxEvent.v1(first.imr(), first.eventType(), Bytes.zeros(48), "", first.payload()));
    assertRefused(
        EventLogRefusal.EVENT_LOG_CONTRADICTS,
        "RTMR" + first.imr() + " mismatch, quoted: ",
        () ->
            verifyReal(
                new GcpTdxEvidence(real.quote(), log, real.tpmQuote()),
                claims(GcpData.REAL),
                RevocationRule.REPORTED,
                REAL_TPM));
  }

  @Test
  void t43_refusesRuntimeEventsThatWereChangedDroppedOrAddedInTheTdxHalfAlready() {
    List<RuntimeEvent> events = GcpData.REAL.runtimeEvents().events();
    for (int i = 0; i < events.size(); i++) {
      List<RuntimeEvent> dropped = new ArrayList<>(events);
      RuntimeEvent event = dropped.remove(i);
      List<RuntimeEvent> changed = new ArrayList<>(events);
      changed.set(i, new RuntimeEvent(event.name(), event.payload(), EventLogVersion.V2));
      List<RuntimeEvent> added = new ArrayList<>(events);
      added.add(i, event);
      for (List<RuntimeEvent> other : List.of(dropped, changed, added)) {
        Claims claims = new Claims(GcpData.REAL.reportData(), new RuntimeEvents(other), "");
        assertRefused(
            TdxRefusal.RUNTIME_REGISTER,
            "RTMR3 mismatch, quoted: ",
            () ->
                verifyReal(
                    GcpData.evidence(GcpData.REAL), claims, RevocationRule.REPORTED, REAL_TPM));
      }
    }
  }

  @Test
  void refusesEveryFaultOfTheTdxHalfUnderItsOwnTextAndAsksNobody() {
    GcpWorld debug = new GcpWorld();
    debug.tdx.quote(quote -> quote.body[120] = 1);
    assertRefusedUnasked(
        debug, DcapRefusal.ATTRIBUTES, "failed to verify TDX quote: Debug mode is enabled");
    GcpWorld expired = new GcpWorld();
    expired.tdxNow = Instant.ofEpochSecond(1_910_000_000L);
    assertRefusedUnasked(
        expired, PathRefusal.REVOCATION_LIST_NOT_IN_FORCE, "failed to verify TDX quote: ");
    GcpWorld bound = new GcpWorld();
    Claims other = new Claims(new ReportData(Bytes.zeros(64)), bound.events, "");
    assertRefused(
        TdxRefusal.QUOTED_REPORT_DATA,
        "tdx report_data mismatch",
        () -> bound.verifier().verify(bound.evidence(), other));
    GcpWorld both = new GcpWorld();
    both.signer = "somebody";
    both.tdx.quote(quote -> quote.body[120] = 1);
    assertRefusedUnasked(
        both, DcapRefusal.ATTRIBUTES, "failed to verify TDX quote: Debug mode is enabled");
  }

  @Test
  void t24_tellsMissingCollateralFromBadEvidence() {
    GcpWorld world = new GcpWorld();
    TdxVerifier half =
        new TdxVerifier(
            new QuoteVerifier(TdxTrustAnchor.external(world.tdx.rootDer()), GcpWorld.VERIFIER),
            quote -> {
              throw new RefusalException(CollateralRefusal.UNAVAILABLE, "no answer");
            },
            InstantSource.fixed(GcpWorld.NOW));
    AttestationKeyChain chains =
        new AttestationKeyChain(
            GcpTrustAnchor.google(),
            new NoIssuerDocuments(),
            RevocationRule.REQUIRED,
            GcpWorld.VERIFIER,
            InstantSource.fixed(GcpWorld.NOW));
    GcpTdxVerifier verifier =
        new GcpTdxVerifier(half, chains, GcpWorld.VERIFIER, GcpEvidenceConfig.defaults());
    assertRefused(
        CollateralRefusal.UNAVAILABLE,
        "failed to verify TDX quote: no answer",
        () -> verifier.verify(world.evidence(), world.claims()));
  }

  @Test
  void refusesTheTpmOfAnotherMachine() {
    GcpWorld world = new GcpWorld();
    GcpWorld other = new GcpWorld();
    other.tdx.quote(quote -> quote.body[136] = 7);
    GcpTdxEvidence mixed =
        new GcpTdxEvidence(world.evidence().quote(), List.of(), other.evidence().tpmQuote());
    assertRefused(
        GcpRefusal.QUALIFYING_DATA,
        "tpm qualified_data mismatch",
        () -> world.verifier().verify(mixed, world.claims()));
    assertThat(world.documents.asked).isEmpty();
  }

  @Test
  void t43_bindsThePaddingOfTheTdxQuoteToo() {
    GcpWorld world = new GcpWorld();
    GcpTdxEvidence evidence = world.evidence();
    int last = evidence.quote().length() - 1;
    for (Bytes quote :
        List.of(
            GcpData.xor(evidence.quote(), last, 1),
            evidence.quote().slice(0, last),
            Bytes.concat(evidence.quote(), Bytes.zeros(1)))) {
      assertRefused(
          GcpRefusal.QUALIFYING_DATA,
          "tpm qualified_data mismatch",
          () ->
              world
                  .verifier()
                  .verify(
                      new GcpTdxEvidence(quote, List.of(), evidence.tpmQuote()), world.claims()));
    }
  }

  private static String chain(String reason) {
    return "failed to verify TPM quote: verification failed: AK certificate chain verification"
        + " error: certificate chain verification failed: "
        + reason;
  }

  private static Claims claims(UnverifiedAttestation attestation) {
    return new Claims(attestation.reportData(), attestation.runtimeEvents(), attestation.config());
  }

  private static VerifiedGcpTdx verifyReal(
      UnverifiedAttestation attestation, RevocationRule rule, Instant tpmNow) {
    return verifyReal(GcpData.evidence(attestation), claims(attestation), rule, tpmNow);
  }

  private static VerifiedGcpTdx verifyReal(
      GcpTdxEvidence evidence, Claims claims, RevocationRule rule, Instant tpmNow) {
    TdxVerifier half =
        new TdxVerifier(
            new QuoteVerifier(TdxTrustAnchor.intel(), GcpWorld.VERIFIER),
            quote -> COLLATERAL,
            InstantSource.fixed(REAL_TDX));
    AttestationKeyChain chains =
        new AttestationKeyChain(
            GcpTrustAnchor.google(),
            new NoIssuerDocuments(),
            rule,
            GcpWorld.VERIFIER,
            InstantSource.fixed(tpmNow));
    return new GcpTdxVerifier(half, chains, GcpWorld.VERIFIER, GcpEvidenceConfig.defaults())
        .verify(evidence, claims);
  }

  private static void assertRefusedUnasked(GcpWorld world, RefusalCode code, String text) {
    assertRefused(code, text, world::verify);
    assertThat(world.documents.asked).isEmpty();
  }

  private static void assertRefused(RefusalCode code, String text, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(RefusalException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageStartingWith(text);
  }
}
