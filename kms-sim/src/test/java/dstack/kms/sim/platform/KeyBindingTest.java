package dstack.kms.sim.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.tdx.TdxVerifier;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.PlatformVerifiers;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.attest.verify.VerifyRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.sim.collateral.TeeKind;
import dstack.kms.sim.container.ContainerVersion;
import dstack.kms.sim.testing.RelyingParty;
import dstack.kms.sim.testing.TestPlatform;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Evidence that is bound to a key counts for that key and for no other. */
final class KeyBindingTest {
  private static final Bytes KEY = Bytes.fromHex("3059301306072a8648ce3d0201" + "aa".repeat(78));

  @TempDir private Path folder;
  private SimulatedPlatform platform;

  @BeforeEach
  void open() {
    platform = TestPlatform.in(folder);
  }

  static Stream<SimulatedIdentity> guests() {
    SimulatedIdentity standard = SimulatedIdentity.standard();
    return Stream.of(
        standard,
        standard.change().container(ContainerVersion.V1).done(),
        standard.change().container(ContainerVersion.V1).eventVersion(2).done());
  }

  @ParameterizedTest
  @MethodSource("guests")
  void acceptsEvidenceForItsOwnKeyAlsoInTheFormOfACertificate(SimulatedIdentity identity) {
    UnverifiedAttestation full = bound(identity, KEY);
    VerifiedAttestation verified = verifier(identity).verifyBoundTo(full, KEY);
    VerifiedAttestation stripped =
        verifier(identity)
            .verifyBoundTo(UnverifiedAttestation.decode(verified.strippedBytes()), KEY);
    assertThat(verified.isBoundTo(KEY)).isTrue();
    assertThat(stripped.bootInfo("", MeasurementPoint.RUNTIME))
        .isEqualTo(verified.bootInfo("", MeasurementPoint.RUNTIME));
    assertThat(stripped.bootInfo("", MeasurementPoint.BOOT))
        .isEqualTo(verified.bootInfo("", MeasurementPoint.BOOT));
  }

  @Test
  void t01_refusesEvidenceForEveryKeyThatDiffersInOneByte() {
    SimulatedIdentity identity = SimulatedIdentity.standard();
    UnverifiedAttestation attestation = bound(identity, KEY);
    for (int i = 0; i < KEY.length(); i++) {
      byte[] other = KEY.toArray();
      other[i] ^= 1;
      assertUnbound(identity, attestation, Bytes.of(other));
    }
    assertUnbound(identity, attestation, KEY.slice(0, KEY.length() - 1));
    assertUnbound(identity, attestation, Bytes.concat(KEY, Bytes.zeros(1)));
    assertUnbound(identity, attestation, Bytes.EMPTY);
  }

  @Test
  void t35_refusesEvidenceOverZerosForAnyKey() {
    SimulatedIdentity identity = SimulatedIdentity.standard();
    UnverifiedAttestation attestation =
        UnverifiedAttestation.decode(platform.attest(identity, ReportData.ZERO));
    assertUnbound(identity, attestation, KEY);
  }

  private void assertUnbound(
      SimulatedIdentity identity, UnverifiedAttestation attestation, Bytes key) {
    AttestationVerifier verifier = verifier(identity);
    assertThatThrownBy(() -> verifier.verifyBoundTo(attestation, key))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(VerifyRefusal.KEY_BINDING))
        .hasMessage("report data mismatch");
  }

  private UnverifiedAttestation bound(SimulatedIdentity identity, Bytes key) {
    return UnverifiedAttestation.decode(
        platform.attest(identity, ReportData.ofCertificateKey(key)));
  }

  private AttestationVerifier verifier(SimulatedIdentity identity) {
    String collateral = platform.collateral(TeeKind.TDX, identity.authority()).toJson();
    return new AttestationVerifier(
        PlatformVerifiers.onlyTdx(
            new TdxVerifier(
                RelyingParty.trusting(platform).quoteVerifier(),
                quote -> Collateral.fromJson(collateral),
                InstantSource.fixed(platform.now()))));
  }
}
