package dstack.kms.attest.snp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.appinfo.AppInfo;
import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.evidence.SevSnpEvidence;
import dstack.kms.attest.issuer.NoIssuerDocuments;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.attest.platform.Claims;
import dstack.kms.attest.snp.report.SnpProduct;
import dstack.kms.attest.snp.report.SnpReport;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.SnpEvidenceConfig;
import dstack.kms.core.config.SnpFamily;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real evidence under AMD's roots; expected values are those of the vectors' README. */
final class SnpVerifierTest {
  private static final String NO_LIST =
      "Whether the certificate \"SEV-Milan\" is revoked was not checked: there is no revocation"
          + " list of its issuer.";

  @Test
  void verifiesCompleteRealEvidenceWithoutANetwork() {
    VerifiedSevSnp verified = verifyComplete();

    assertThat(verified.product()).isEqualTo(SnpProduct.MILAN);
    assertThat(verified.status().tcbStatus()).isEqualTo("OutOfDate");
    assertThat(verified.status().advisoryIds()).isEmpty();
    assertThat(verified.status().assessed()).isFalse();
    assertThat(verified.unchecked()).containsExactly(NO_LIST);
    assertThat(verified.rawDeviceId().hex()).startsWith("38d17458").endsWith("b877");
    assertThat(verified.instanceLabel()).startsWith("ab942f03");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RUNTIME", "BOOT"})
  void describesTheGuestByItsConfigurationAndNotByRuntimeEvents(MeasurementPoint point) {
    AppInfo info = verifyComplete().appInfo("", point);

    assertThat(info.appId().hex()).isEqualTo("86e59625be93207bc2351c4d1bba20037cec8e16");
    assertThat(info.composeHash().hex())
        .isEqualTo("86e59625be93207bc2351c4d1bba20037cec8e168da6b18f559af5af657b7a23");
    assertThat(info.instanceId().hex()).isEqualTo("d378c00e65112c4235bfeb46c6a0f98fd02145a3");
    assertThat(info.osImageHash().hex())
        .isEqualTo("f69c8e5031ec2b269bbc08839ce02cb98ee255d695626f941f4b37b95946d352");
    assertThat(info.mrSystem().hex())
        .isEqualTo("ebf2076a74c394bd8c68ac10f341dd24e0d80f0411bbeb43f062e2b658309054");
    assertThat(info.mrAggregated().hex())
        .isEqualTo("c7a8e492fcd0167c76f3c64ff20d96648403020f80b38e9384a7432077e4a7a7");
    assertThat(info.deviceId().hex())
        .isEqualTo("310f86e9970d2b625f8a1024f05ea59d540743de63e9017c8c4c0f50a14a10a6");
    assertThat(info.keyProviderInfo().utf8Text())
        .startsWith("{\"name\":\"kms\",\"id\":\"3059301306072a86")
        .endsWith("\"}");
  }

  @Test
  void ignoresTheRuntimeEventsThatOldCapturesCarry() {
    Claims claims = RealSnp.claims(RealSnp.complete());
    Claims without = new Claims(claims.reportData(), new RuntimeEvents(List.of()), claims.config());
    SevSnpEvidence evidence = RealSnp.evidence(RealSnp.complete());

    assertThat(claims.runtimeEvents()).isNotEqualTo(without.runtimeEvents());
    assertThat(offline(RealSnp.NOW).verify(evidence, without).appInfo("", MeasurementPoint.RUNTIME))
        .isEqualTo(verifyComplete().appInfo("", MeasurementPoint.RUNTIME));
  }

  @Test
  void tellsAuthoritiesTheHashAndWebhooksTheChip() {
    VerifiedSevSnp verified = verifyComplete();
    BootInfo info =
        verified
            .appInfo("", MeasurementPoint.RUNTIME)
            .toBootInfo(TeeVariant.SEV_SNP, "OutOfDate", List.of())
            .withChipId(verified.rawDeviceId());

    assertThat(info.deviceId().hex()).startsWith("310f86e9");
    assertThat(info.announcedDeviceId().length()).isEqualTo(64);
  }

  @Test
  void verifiesRealEvidenceWithCertificatesFromFiles() {
    GivenKds given =
        new GivenKds(
            Optional.of(RealSnp.file("sev_snp_ask.pem")),
            Optional.of(RealSnp.file("sev_snp_vcek.pem")));

    VerifiedSevSnp verified =
        verifier(given, RealSnp.NOW)
            .verify(RealSnp.evidence(RealSnp.bare()), RealSnp.claims(RealSnp.bare()));

    assertThat(verified.report().measurement().hex()).startsWith("7f51e17f").endsWith("f05d");
    assertThat(verified.status().tcbStatus()).isEqualTo("OutOfDate");
    assertThatThrownBy(() -> verified.appInfo("", MeasurementPoint.RUNTIME))
        .hasMessage("failed to parse sev_snp_measurement: unknown field");
    assertThat(
            verified.appInfo(RealSnp.complete().config(), MeasurementPoint.RUNTIME).osImageHash())
        .isEqualTo(verifyComplete().appInfo("", MeasurementPoint.RUNTIME).osImageHash());
  }

  @Test
  void knowsAmdsSigningKeysItself() {
    GivenKds onlyVcek =
        new GivenKds(Optional.empty(), Optional.of(RealSnp.file("sev_snp_vcek.pem")));

    assertThat(
            verifier(onlyVcek, RealSnp.NOW)
                .verify(RealSnp.evidence(RealSnp.bare()), RealSnp.claims(RealSnp.bare())))
        .isNotNull();
  }

  @Test
  void refusesEvidenceWithoutCertificatesWhereNobodyHasThem() {
    assertThatThrownBy(
            () ->
                offline(RealSnp.NOW)
                    .verify(RealSnp.evidence(RealSnp.bare()), RealSnp.claims(RealSnp.bare())))
        .hasMessage(
            "amd sev-snp verification failed: Milan: the report comes without certificates and no"
                + " VCEK is given");
  }

  @Test
  void refusesTheDebuggableRealGuestAlthoughItsSignatureHolds() {
    Bytes report = RealSnp.debugReport();
    SevSnpEvidence evidence = new SevSnpEvidence(report, RealSnp.debugChain(), "{}");
    Claims claims = debugClaims();

    assertThatThrownBy(() -> offline(RealSnp.NOW_DEBUG).verify(evidence, claims))
        .hasMessageStartingWith(
            "amd sev-snp report verification failed for supported products: Genoa: amd cert chain"
                + " verification failed: ")
        .hasMessageContaining("; Milan: amd sev-snp guest policy allows debug; Turin: ");
    SevSnpEvidence forged =
        new SevSnpEvidence(RealSnp.xor(report, 0x50, 1), RealSnp.debugChain(), "{}");
    assertThatThrownBy(() -> offline(RealSnp.NOW_DEBUG).verify(forged, claims))
        .hasMessageContaining("; Milan: amd sev-snp report signature verification failed; Turin: ");
  }

  @Test
  void t05_refusesAProductThatIsSwitchedOff() {
    SnpEvidenceConfig withoutMilan =
        new SnpEvidenceConfig(
            Set.of(SnpFamily.GENOA),
            true,
            false,
            Duration.ofSeconds(1),
            Map.of(),
            List.of(),
            List.of());

    assertThatThrownBy(() -> verifyComplete(withoutMilan))
        .hasMessage(
            "amd sev-snp report verification failed for supported products: Milan: amd sev-snp"
                + " product Milan is not allowed by this server");
  }

  @Test
  void t05_refusesRealComponentsBelowTheMinimum() {
    SnpEvidenceConfig floor =
        new SnpEvidenceConfig(
            Set.of(SnpFamily.MILAN),
            true,
            false,
            Duration.ofSeconds(1),
            Map.of(SnpFamily.MILAN, new SnpEvidenceConfig.Floor(0, 0, 0, 0x18, 0)),
            List.of(),
            List.of());

    assertThatThrownBy(() -> verifyComplete(floor))
        .hasMessageContaining("Milan: amd sev-snp reported tcb is below the configured minimum");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-06-17T01:05:03Z, CertNotValidYet",
    "2033-06-17T01:05:05Z, CertExpired",
    "2050-01-01T00:00:00Z, CertExpired",
  })
  void t22_refusesARealCertificateOutsideItsTime(Instant now, String reason) {
    assertThatThrownBy(() -> verifyComplete(now))
        .hasMessage(
            "amd sev-snp report verification failed for supported products: Milan: amd cert chain"
                + " verification failed: "
                + reason);
  }

  @Test
  void t22_refusesWithoutARevocationListUnlessToldToReportIt() {
    SnpVerifier strict =
        new SnpVerifier(
            SnpTrustAnchors.amd(),
            new GivenKds(Optional.empty(), Optional.empty()),
            new NoIssuerDocuments(),
            RevocationRule.REQUIRED,
            SnpEvidenceConfig.defaults(),
            SnpWorld.VERIFIER,
            () -> RealSnp.NOW);

    assertThatThrownBy(
            () ->
                strict.verify(
                    RealSnp.evidence(RealSnp.complete()), RealSnp.claims(RealSnp.complete())))
        .hasMessageContaining("Milan: amd cert chain verification failed: UnknownRevocationStatus");
  }

  @Test
  void refusesOtherReportDataThanClaimed() {
    Claims claims = RealSnp.claims(RealSnp.complete());
    for (int i = 0; i < ReportData.LENGTH; i++) {
      ReportData other = new ReportData(RealSnp.xor(claims.reportData().value(), i, 1));
      Claims changed = new Claims(other, claims.runtimeEvents(), claims.config());
      assertThatThrownBy(
              () -> offline(RealSnp.NOW).verify(RealSnp.evidence(RealSnp.complete()), changed))
          .hasMessage("amd sev-snp report_data mismatch");
    }
  }

  @Test
  void refusesAnotherConfigurationThanTheHostDataNames() {
    SevSnpEvidence real = RealSnp.evidence(RealSnp.complete());
    SevSnpEvidence other =
        new SevSnpEvidence(real.report(), real.certChain(), real.mrConfig() + " ");

    assertThatThrownBy(() -> offline(RealSnp.NOW).verify(other, RealSnp.claims(RealSnp.complete())))
        .hasMessageStartingWith(
            "amd sev-snp HOST_DATA mismatch, quoted:"
                + " 783f0057820acb99249af56cc3b07b4e8d80f65183167cba9cf437bb680f742f, expected: ");
  }

  @Test
  void refusesEveryFlippedByteOfTheReport() {
    SevSnpEvidence real = RealSnp.evidence(RealSnp.complete());
    Claims claims = RealSnp.claims(RealSnp.complete());
    SnpVerifier verifier = offline(RealSnp.NOW);
    for (int i = 0; i < SnpReport.LENGTH; i++) {
      Bytes changed = RealSnp.xor(real.report(), i, 1 << i % 8);
      SevSnpEvidence evidence = new SevSnpEvidence(changed, real.certChain(), real.mrConfig());
      assertThatThrownBy(() -> verifier.verify(evidence, claims))
          .as("byte %d", i)
          .isInstanceOf(RefusalException.class);
    }
  }

  @Test
  void refusesEveryFlippedByteOfTheVcek() {
    SevSnpEvidence real = RealSnp.evidence(RealSnp.complete());
    Bytes der = CertificateText.der(real.certChain().getLast());
    Claims claims = RealSnp.claims(RealSnp.complete());
    SnpVerifier verifier = offline(RealSnp.NOW);
    for (int i = 0; i < der.length(); i++) {
      Bytes changed = RealSnp.xor(der, i, 1 << i % 8);
      SevSnpEvidence evidence =
          new SevSnpEvidence(
              real.report(), List.of(real.certChain().getFirst(), changed), real.mrConfig());
      assertThatThrownBy(() -> verifier.verify(evidence, claims))
          .as("byte %d", i)
          .isInstanceOf(RefusalException.class);
    }
  }

  @Test
  void refusesCertificatesOfAnotherChip() {
    SevSnpEvidence real = RealSnp.evidence(RealSnp.complete());
    SevSnpEvidence other = new SevSnpEvidence(real.report(), RealSnp.debugChain(), real.mrConfig());

    assertThatThrownBy(
            () -> offline(RealSnp.NOW_DEBUG).verify(other, RealSnp.claims(RealSnp.complete())))
        .hasMessageContaining("Milan: amd sev-snp vcek does not match the report: chip id differs");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 9})
  void refusesOtherNumbersOfCertificates(int count) {
    SevSnpEvidence real = RealSnp.evidence(RealSnp.complete());
    List<Bytes> chain = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chain.add(real.certChain().get(i % 2));
    }
    SevSnpEvidence evidence = new SevSnpEvidence(real.report(), chain, real.mrConfig());

    assertThatThrownBy(
            () -> offline(RealSnp.NOW).verify(evidence, RealSnp.claims(RealSnp.complete())))
        .hasMessage(
            "amd sev-snp cert_chain must contain either ASK and VCEK certificates or one kernel"
                + " certificate table auxblob");
  }

  @Test
  void refusesSwappedAndDoubledCertificates() {
    SevSnpEvidence real = RealSnp.evidence(RealSnp.complete());
    Bytes ask = real.certChain().getFirst();
    Bytes vcek = real.certChain().getLast();
    for (List<Bytes> chain :
        List.of(
            List.of(vcek, ask),
            List.of(ask, ask),
            List.of(vcek, vcek),
            List.of(Bytes.EMPTY, vcek),
            List.of(ask, Bytes.EMPTY),
            List.of(Bytes.concat(ask, vcek), vcek))) {
      SevSnpEvidence evidence = new SevSnpEvidence(real.report(), chain, real.mrConfig());
      assertThatThrownBy(
              () -> offline(RealSnp.NOW).verify(evidence, RealSnp.claims(RealSnp.complete())))
          .isInstanceOf(RefusalException.class);
    }
  }

  private static Claims debugClaims() {
    return new Claims(
        new ReportData(RealSnp.debugReport().slice(0x50, 0x90)), new RuntimeEvents(List.of()), "");
  }

  private static VerifiedSevSnp verifyComplete() {
    return verifyComplete(RealSnp.NOW);
  }

  private static VerifiedSevSnp verifyComplete(Instant now) {
    return offline(now)
        .verify(RealSnp.evidence(RealSnp.complete()), RealSnp.claims(RealSnp.complete()));
  }

  private static VerifiedSevSnp verifyComplete(SnpEvidenceConfig config) {
    return verifier(new GivenKds(Optional.empty(), Optional.empty()), config, RealSnp.NOW)
        .verify(RealSnp.evidence(RealSnp.complete()), RealSnp.claims(RealSnp.complete()));
  }

  private static SnpVerifier offline(Instant now) {
    return verifier(new GivenKds(Optional.empty(), Optional.empty()), now);
  }

  private static SnpVerifier verifier(KdsSource kds, Instant now) {
    return verifier(kds, SnpEvidenceConfig.defaults(), now);
  }

  private static SnpVerifier verifier(KdsSource kds, SnpEvidenceConfig config, Instant now) {
    return new SnpVerifier(
        SnpTrustAnchors.amd(),
        kds,
        new NoIssuerDocuments(),
        RevocationRule.REPORTED,
        config,
        SnpWorld.VERIFIER,
        () -> now);
  }
}
