package dstack.kms.attest.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.collateral.CollateralRefusal;
import dstack.kms.attest.dcap.TcbStatus;
import dstack.kms.attest.eventlog.EventLogRefusal;
import dstack.kms.attest.eventlog.EventLogVersion;
import dstack.kms.attest.eventlog.RuntimeEvent;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.eventlog.TdxEvent;
import dstack.kms.attest.evidence.TdxEvidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.tdx.TdxRefusal;
import dstack.kms.attest.tdx.VerifiedTdx;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import dstack.kms.core.reportdata.ReportData;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ladder of specification 10 §7 on real evidence. */
class AttestationVerifierTest {
  private static final Bytes SPKI = Bytes.fromHex("3059301306072a8648ce3d02");
  private static final AttestationVerifier UNREACHABLE =
      Guests.verifier(
          quote -> {
            throw new RefusalException(CollateralRefusal.UNAVAILABLE, "no answer");
          },
          InstantSource.fixed(Guests.NOW_A));

  private final TdxEvidence evidence = (TdxEvidence) Guests.A.evidence();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tdx/dstack_attestation_v0.bin",
        "tdx/dstack_attestation_v0.stripped-legacy.bin",
        "tdx/dstack_attestation_v0.stripped-current.bin",
        "tdx/dstack_attestation_v1.msgpack",
      })
  void verifiesTheRealGuestInEveryForm(String name) {
    VerifiedAttestation verified = Guests.verifierOfA().verify(Guests.attestation(name));
    assertThat(verified.teeVariant()).isEqualTo(TeeVariant.TDX);
    assertThat(verified.tcbStatus()).isEqualTo("UpToDate");
    assertThat(verified.advisoryIds()).isEmpty();
    assertThat(verified.reportData()).isEqualTo(ReportData.ZERO);
    assertThat(verified.rawDeviceId().hex()).isEqualTo("80d4a149124353c7a2bb76551603f31b");
    assertThat(verified.deviceId().hex())
        .isEqualTo("c07347d88ac7ef3d42d02ceb80a0e3ac66981cf7382f72d0692ec591ea58cf1f");
    assertThat(verified.evidenceDigest()).isEqualTo(Digests.sha256(evidence.quote()));
    assertThat(((VerifiedTdx) verified.platform()).quote().qeVerdict().status())
        .isEqualTo(TcbStatus.UP_TO_DATE);
  }

  @Test
  void givesTheBootInfoOfWorkedVectorA() {
    VerifiedAttestation verified = Guests.verifierOfA().verify(Guests.A);
    BootInfo runtime = verified.bootInfo("", MeasurementPoint.RUNTIME);
    assertThat(runtime.appId().toString()).isEqualTo("5bb4ff9a3837357f19dc176407a5709c62eb6c56");
    assertThat(runtime.instanceId().toString())
        .isEqualTo("1691ed1b47506cad7d08834668691d88246f5b1f");
    assertThat(runtime.composeHash().toString())
        .isEqualTo("c143116fef3940e7f776bfc0919c256232ae5338a6e948c96b711e0b2383483a");
    assertThat(runtime.mrSystem().hex())
        .isEqualTo("51ea38f8eee6dc72dbae9b74531ae6d6204295d265dabb4e6c34621a2a1a1197");
    assertThat(runtime.mrAggregated().hex())
        .isEqualTo("85334a62c97d0f8bf82d0245d31b539d17a2d7c258e2a13efc928aaea0e107cb");
    assertThat(runtime.osImageHash()).isEqualTo(Bytes.EMPTY);
    assertThat(runtime.deviceId()).isEqualTo(verified.deviceId());
    assertThat(runtime.tcbStatus()).isEqualTo("UpToDate");
    BootInfo boot = verified.bootInfo("", MeasurementPoint.BOOT);
    assertThat(boot.mrSystem().hex())
        .isEqualTo("ef6af583432288c877e412740aa7d8a844a18920ad98e9b1d95d42a07a3044c8");
    assertThat(boot.mrAggregated().hex())
        .isEqualTo("787f9fe525fcb61e81f31a30225a86674412088f2f1b683a421a7e9cbcd40551");
    assertThat(boot.keyProviderInfo()).isEqualTo(Bytes.EMPTY);
  }

  @Test
  void givesTheBootInfoOfWorkedVectorB() {
    VerifiedAttestation verified = Guests.verifierOfB().verify(Guests.B);
    BootInfo runtime = verified.bootInfo("", MeasurementPoint.RUNTIME);
    assertThat(runtime.appId().toString()).isEqualTo("3763bc34552cf3a27ff71ad5f7a90471562a1a2d");
    assertThat(runtime.composeHash().toString())
        .isEqualTo("3763bc34552cf3a27ff71ad5f7a90471562a1a2df552dfc1998cba2d60da27e7");
    assertThat(runtime.instanceId().toString())
        .isEqualTo("c3714eb66990eace777b4e664c16e09375dec4c9");
    assertThat(verified.rawDeviceId().hex()).isEqualTo("897d3eb76ea887b783f9ad3d0771034b");
    assertThat(runtime.deviceId().hex())
        .isEqualTo("ea0ba482106a22ecb76b59b95fed32b5cc3a81534b27ee01a25a10a87cca7d03");
    assertThat(runtime.osImageHash().hex())
        .isEqualTo("14ad42d0270b444eaeb53918a5a94d9b17eec7a817cd336173b17c5327541c67");
    assertThat(runtime.keyProviderInfo().utf8Text()).startsWith("{\"name\":\"local-sgx\",");
    assertThat(runtime.mrAggregated().hex())
        .isEqualTo("233c659f83048505bb1ef7f105245aa80f5d04e3d096c329da272d7ee13fbf38");
    assertThat(verified.bootInfo("", MeasurementPoint.BOOT).mrAggregated().hex())
        .isEqualTo("f9a9159f75a175a0a65052b78f764a312456db56f5c397c600d08445ab68937b");
  }

  @Test
  void writesTheFormForACertificateInTheContainerThatItCameIn() {
    assertThat(Guests.verifierOfA().verify(Guests.A).strippedBytes())
        .isEqualTo(Guests.attestation("tdx/dstack_attestation_v0.stripped-current.bin").encode());
  }

  @Test
  void comparesTheBindingBeforeAnythingGoesOverTheNetwork() {
    assertRefused(
        VerifyRefusal.KEY_BINDING,
        "report data mismatch",
        () -> UNREACHABLE.verifyBoundTo(Guests.A, SPKI));
  }

  @Test
  void refusesAClaimedBindingThatTheQuoteDoesNotCarry() {
    Bytes bound = ReportData.ofCertificateKey(SPKI).value();
    UnverifiedAttestation claiming =
        Guests.changed(Guests.A, evidence, bound, Guests.A.runtimeEvents());
    assertRefused(
        TdxRefusal.QUOTED_REPORT_DATA,
        "tdx report_data mismatch",
        () -> Guests.verifierOfA().verifyBoundTo(claiming, SPKI));
    assertThat(Guests.verifierOfA().verify(Guests.A).isBoundTo(SPKI)).isFalse();
  }

  @Test
  void t24_tellsMissingCollateralFromBadEvidence() {
    assertThatThrownBy(() -> UNREACHABLE.verify(Guests.A))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> {
              assertThat(e.code()).isEqualTo(CollateralRefusal.UNAVAILABLE);
              assertThat(e.code().kind()).isEqualTo(RefusalKind.UNAVAILABLE);
            })
        .hasMessage("failed to verify TDX quote: no answer");
    for (VerifyRefusal refusal : VerifyRefusal.values()) {
      assertThat(refusal.kind()).isEqualTo(RefusalKind.REFUSED);
    }
  }

  @Test
  void checksPayloadThenLengthThenPlatform() {
    Bytes bound = Digests.sha512(Bytes.utf8("app-data:{}"));
    AttestationVerifier verifier = Guests.verifierOfA();
    assertRefused(
        VerifyRefusal.PAYLOAD_BINDING,
        "report_data does not match report_data_payload",
        () -> verifier.verify(Guests.pod(Guests.A, Bytes.zeros(64), "{}")));
    assertThatThrownBy(() -> verifier.verify(Guests.pod(Guests.A, Bytes.zeros(63), "{}")))
        .hasMessage("stack.report_data must be 64 bytes");
    assertRefused(
        TdxRefusal.QUOTED_REPORT_DATA,
        "tdx report_data mismatch",
        () -> verifier.verify(Guests.pod(Guests.A, bound, "{}")));
    UnverifiedAttestation shortData =
        Guests.changed(Guests.A, evidence, Bytes.zeros(63), Guests.A.runtimeEvents());
    assertThatThrownBy(() -> UNREACHABLE.verify(shortData))
        .hasMessage("stack.report_data must be 64 bytes");
    assertThatThrownBy(() -> UNREACHABLE.verifyBoundTo(shortData, SPKI))
        .hasMessage("stack.report_data must be 64 bytes");
  }

  @Test
  void acceptsTheWorkedAppDataReportDataOfAPodUpToTheQuote() {
    Bytes worked =
        Bytes.fromHex(
            "7ea0b744ed5e9c0c83ff9f575668e1697652cd349f2027cdf26f918d4c53e8cd"
                + "50b5ea9b449b4c3d50e20ae00ec29688d5a214e8daff8a10041f5d624dae8a01");
    assertRefused(
        TdxRefusal.QUOTED_REPORT_DATA,
        "tdx report_data mismatch",
        () -> Guests.verifierOfA().verify(Guests.pod(Guests.A, worked, "test content")));
  }

  @ParameterizedTest
  @CsvSource({
    "tdx/dstack_attestation_v0_gcp.bin, dstack-gcp-tdx",
    "platforms/nitro/dstack_v0_prod.bin, dstack-nitro-enclave",
    "platforms/snp/sev_snp_attestation.bin, dstack-amd-sev-snp",
  })
  void refusesPlatformsThatItCannotVerify(String name, String variant) {
    assertRefused(
        VerifyRefusal.PLATFORM_NOT_SUPPORTED,
        "attestation of platform " + variant + " is not accepted by this server",
        () -> Guests.verifierOfA().verify(Guests.attestation(name)));
  }

  @Test
  void refusesABrokenQuoteBeforeAskingForCollateral() {
    UnverifiedAttestation broken =
        Guests.changed(
            Guests.A,
            new TdxEvidence(Bytes.zeros(10), List.of()),
            Bytes.zeros(64),
            Guests.A.runtimeEvents());
    assertThatThrownBy(() -> UNREACHABLE.verify(broken))
        .hasMessageStartingWith("failed to verify TDX quote: Failed to parse quote: ");
  }

  @Test
  void t43_refusesRuntimeEventsThatWereChangedDroppedAddedOrSwapped() {
    List<RuntimeEvent> events = Guests.A.runtimeEvents().events();
    for (int i = 0; i < events.size(); i++) {
      List<RuntimeEvent> dropped = new ArrayList<>(events);
      RuntimeEvent event = dropped.remove(i);
      assertRegisterMismatch(dropped);
      List<RuntimeEvent> repeated = new ArrayList<>(events);
      repeated.add(i, event);
      assertRegisterMismatch(repeated);
      List<RuntimeEvent> renamed = new ArrayList<>(events);
      renamed.set(i, RuntimeEvent.v1(event.name() + "x", event.payload()));
      assertRegisterMismatch(renamed);
      List<RuntimeEvent> versioned = new ArrayList<>(events);
      versioned.set(i, new RuntimeEvent(event.name(), event.payload(), EventLogVersion.V2));
      assertRegisterMismatch(versioned);
    }
    assertRegisterMismatch(events.reversed());
    assertRegisterMismatch(List.of());
  }

  @Test
  void t43_refusesALogThatContradictsAnyBootRegister() {
    for (int i = 0; i < evidence.eventLog().size(); i++) {
      TdxEvent event = evidence.eventLog().get(i);
      if (event.runtimeEvent().isPresent()) {
        continue;
      }
      List<TdxEvent> log = new ArrayList<>(evidence.eventLog());
      log.set(i, TdxEvent.v1(event.imr(), event.eventType(), Bytes.zeros(48), "", event.payload()));
      assertContradicts(log, "RTMR" + event.imr() + " mismatch, quoted: ");
    }
  }

  @Test
  void refusesALogWhoseRuntimeEventsTellAnotherStory() {
    List<TdxEvent> log = new ArrayList<>(evidence.eventLog());
    log.add(TdxEvent.of(RuntimeEvent.v1("app-id", Bytes.zeros(20))));
    assertContradicts(log, "event log and runtime events differ");
  }

  @Test
  void refusesVersion2EventsThatCannotBeRecomputedWithTheContextOfTheOriginal() {
    TdxEvent event =
        new TdxEvent(
            3,
            RuntimeEvent.TYPE,
            Bytes.zeros(48),
            "a",
            Bytes.EMPTY,
            EventLogVersion.V2,
            Optional.empty());
    assertRefused(
        EventLogRefusal.EVENT_PREIMAGE,
        "Failed to validate TDX V2 event digest preimages: V2 runtime event 0 is missing its"
            + " digest preimage",
        () -> Guests.verifierOfA().verify(withLog(List.of(event))));
  }

  @Test
  void acceptsEvidenceWithoutAnyLog() {
    assertThat(Guests.verifierOfA().verify(withLog(List.of())).tcbStatus()).isEqualTo("UpToDate");
  }

  private UnverifiedAttestation withLog(List<TdxEvent> log) {
    return Guests.changed(
        Guests.A,
        new TdxEvidence(evidence.quote(), log),
        Bytes.zeros(64),
        Guests.A.runtimeEvents());
  }

  private void assertContradicts(List<TdxEvent> log, String text) {
    assertRefused(
        EventLogRefusal.EVENT_LOG_CONTRADICTS,
        text,
        () -> Guests.verifierOfA().verify(withLog(log)));
  }

  private void assertRegisterMismatch(List<RuntimeEvent> events) {
    UnverifiedAttestation changed =
        Guests.changed(Guests.A, evidence, Bytes.zeros(64), new RuntimeEvents(events));
    assertRefused(
        TdxRefusal.RUNTIME_REGISTER,
        "RTMR3 mismatch, quoted: f28a1490",
        () -> Guests.verifierOfA().verify(changed));
  }

  private static void assertRefused(
      RefusalCode code, String text, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(RefusalException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageStartingWith(text);
  }
}
