package dstack.kms.attest.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.evidence.TdxEvidence;
import dstack.kms.attest.issuer.NoIssuerDocuments;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.attest.platform.PlatformVerifier;
import dstack.kms.attest.snp.GivenKds;
import dstack.kms.attest.snp.RealSnp;
import dstack.kms.attest.snp.SnpTrustAnchors;
import dstack.kms.attest.snp.SnpVerifier;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.config.SnpEvidenceConfig;
import dstack.kms.core.crypto.SignatureVerifiers;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Real SEV-SNP evidence through the one verifier that everybody uses. */
final class SnpAttestationTest {
  private static final PlatformVerifier<TdxEvidence> NO_TDX =
      (evidence, claims) -> {
        throw new AssertionError("not asked for TDX");
      };

  @Test
  void putsOneDeviceBeforeAuthoritiesInBothItsForms() {
    BootInfo info = verifier().verify(RealSnp.complete()).bootInfo("", MeasurementPoint.RUNTIME);

    assertThat(info.teeVariant()).isEqualTo(TeeVariant.SEV_SNP);
    assertThat(info.deviceId().hex())
        .isEqualTo("310f86e9970d2b625f8a1024f05ea59d540743de63e9017c8c4c0f50a14a10a6");
    assertThat(info.announcedDeviceId().hex()).startsWith("38d17458").endsWith("b877");
    assertThat(info.announcedDeviceId().length()).isEqualTo(64);
    assertThat(info.tcbStatus()).isEqualTo("OutOfDate");
    assertThat(info.appId()).hasToString("86e59625be93207bc2351c4d1bba20037cec8e16");
  }

  @Test
  void givesNoIdentityToAGuestOfAnotherLaunch() {
    VerifiedAttestation verified = verifier().verify(RealSnp.complete());

    assertThatThrownBy(() -> verified.bootInfo("{}", MeasurementPoint.RUNTIME))
        .hasMessage("sev_snp_measurement is required for amd sev-snp");
    assertThatThrownBy(
            () ->
                verified.bootInfo(
                    RealSnp.complete().config().replace("vcpus\\\":2", "vcpus\\\":4"),
                    MeasurementPoint.BOOT))
        .hasMessage("amd sev-snp measurement mismatch");
  }

  private static AttestationVerifier verifier() {
    SnpVerifier snp =
        new SnpVerifier(
            SnpTrustAnchors.amd(),
            new GivenKds(Optional.empty(), Optional.empty()),
            new NoIssuerDocuments(),
            RevocationRule.REPORTED,
            SnpEvidenceConfig.defaults(),
            SignatureVerifiers.named("auto"),
            () -> RealSnp.NOW);
    PlatformVerifiers others = PlatformVerifiers.onlyTdx(NO_TDX);
    return new AttestationVerifier(
        new PlatformVerifiers(
            others.tdx(), others.gcpTdx(), others.nitroEnclave(), others.nitroTpm(), snp));
  }
}
