package dstack.kms.onboard.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.source.QuoteSource;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.core.store.BootstrapInfo;
import dstack.kms.core.store.KeyStore;
import dstack.kms.onboard.certificates.CertificateIssuer;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.progress.Progress;
import dstack.kms.onboard.testing.FakeQuotes;
import dstack.kms.onboard.testing.Machine;
import dstack.kms.onboard.testing.RecordingAuthority;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keys are read back and their evidence is verified as anybody else would. */
final class StoredIdentityTest {
  private static final InstantSource CLOCK = InstantSource.system();

  @TempDir private Path folder;
  private Machine machine;
  private KeyStore store;

  @BeforeEach
  void open() {
    machine = Machine.in(folder, CLOCK);
    store = KeyStore.open(folder.resolve("certs"));
  }

  @Test
  void isEmptyWhileThereAreNoKeys() {
    assertThat(identity()).isEmpty();
  }

  @Test
  void saysThatTheEvidenceIsOverExactlyTheStoredKeys() {
    BootstrapInfo answered = bootstrap(machine.guest());

    NodeIdentity read = identity().orElseThrow();
    assertThat(read.verified()).isTrue();
    assertThat(read.k256Pubkey()).isEqualTo(answered.k256Pubkey());
    assertThat(read.caPubkey()).isEqualTo(answered.caPubkey());
    assertThat(read.says())
        .contains("attestation verifies", "report data is that of these two keys");
  }

  @Test
  void saysThatGoodEvidenceOverSomethingElseIsNotAboutTheseKeys() {
    QuoteSource guest = machine.guest();
    bootstrap(FakeQuotes.answering(_ -> guest.attest(ReportData.ZERO)));

    assertThat(identity().orElseThrow().verified()).isFalse();
    assertThat(identity().orElseThrow().says()).contains("over something else");
  }

  @Test
  void saysThatEvidenceOfAnUntrustedMachineDoesNotVerify() {
    Machine stranger = Machine.in(folder.resolve("stranger"), CLOCK);
    bootstrap(stranger.guest());

    assertThat(identity().orElseThrow().verified()).isFalse();
    assertThat(identity().orElseThrow().says()).contains("does not verify");
  }

  private java.util.Optional<NodeIdentity> identity() {
    return new StoredIdentity(store, machine.verifier()).read();
  }

  private BootstrapInfo bootstrap(QuoteSource quotes) {
    SelfAuthorization off =
        new SelfAuthorization(false, machine::bootInfo, new RecordingAuthority());
    CertificateIssuer issuer = new CertificateIssuer(new Certificates(CLOCK), quotes, false);
    return new Bootstrap(store, off, issuer, quotes, new SecureRandom(), AuditTrail.none())
        .run(new RpcDomain("localhost"), Progress.unwatched());
  }
}
