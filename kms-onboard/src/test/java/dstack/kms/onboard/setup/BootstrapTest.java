package dstack.kms.onboard.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.source.QuoteSource;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.Secp256k1PublicKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.BootstrapInfo;
import dstack.kms.core.store.KeyStore;
import dstack.kms.core.store.StoredState;
import dstack.kms.onboard.certificates.CertificateIssuer;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.progress.Progress;
import dstack.kms.onboard.testing.FakeQuotes;
import dstack.kms.onboard.testing.Machine;
import dstack.kms.onboard.testing.RecordingAuthority;
import dstack.kms.sim.fault.ContainerFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bootstrap and auto-bootstrap (specification 04 §4.2, §4.4) over a real store and real quotes. */
class BootstrapTest {
  private static final RpcDomain DOMAIN = new RpcDomain("kms.example.com");

  @TempDir Path folder;
  private final RecordingAuthority authority = new RecordingAuthority();
  private Machine machine;
  private KeyStore store;

  @BeforeEach
  void open() {
    machine = Machine.in(folder, InstantSource.system());
    store = KeyStore.open(certs());
  }

  @Test
  void storesExactlyWhatItAnswers() {
    BootstrapInfo answer = bootstrap(machine.guest()).run(DOMAIN, Progress.unwatched());

    StoredState.Complete state = (StoredState.Complete) store.read(Optional.empty());
    try (var material = state.material()) {
      assertThat(material.bootstrapInfo()).contains(answer);
      assertThat(material.domain()).isEqualTo("kms.example.com");
    }
    assertThat(answer.k256Pubkey().length()).isEqualTo(33);
    assertThat(answer.caPubkey().length()).isEqualTo(91);
  }

  @Test
  void answersWithEvidenceOverBothPublicKeys() {
    BootstrapInfo answer = bootstrap(machine.guest()).run(DOMAIN, Progress.unwatched());

    VerifiedAttestation verified =
        machine.verifier().verify(UnverifiedAttestation.decode(answer.attestation()));
    KeyStatement statement =
        new KeyStatement(
            P256PublicKey.fromSubjectPublicKeyInfo(answer.caPubkey()).orElseThrow(),
            new Secp256k1PublicKey(answer.k256Pubkey()));
    assertThat(verified.reportData()).isEqualTo(statement.reportData());
  }

  @Test
  void asksTheAuthorityAboutThisMachineFirst() {
    bootstrap(machine.guest()).run(DOMAIN, Progress.unwatched());

    assertThat(authority.askedAboutKms()).containsExactly(machine.bootInfo());
  }

  @Test
  void refusesWhenTheAuthorityDenies() throws IOException {
    authority.answering(new Decision.Denied("Aggregated MR not allowed"));

    assertThatThrownBy(() -> bootstrap(machine.guest()).run(DOMAIN, Progress.unwatched()))
        .isInstanceOf(RefusalException.class)
        .hasMessage("KMS is not allowed to bootstrap: boot denied: Aggregated MR not allowed");
    assertNothingIsStored();
  }

  @Test
  void refusesWhenTheAuthorityDoesNotAnswer() throws IOException {
    authority.silent();

    assertThatThrownBy(() -> bootstrap(machine.guest()).run(DOMAIN, Progress.unwatched()))
        .isInstanceOf(RefusalException.class)
        .hasMessage(
            "KMS is not allowed to bootstrap: failed to call KMS auth check: error sending request"
                + " for url (x)");
    assertNothingIsStored();
  }

  @Test
  void refusesWhenThisMachinesEvidenceDoesNotVerify() throws IOException {
    QuoteSource lying = machine.guest(ContainerFault.ALTERED_APP_ID);

    assertThatThrownBy(() -> bootstrap(lying).run(DOMAIN, Progress.unwatched()))
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith(
            "KMS is not allowed to bootstrap: failed to build local KMS boot info: ");
    assertThat(authority.askedAboutKms()).isEmpty();
    assertNothingIsStored();
  }

  @Test
  void refusesAutoBootstrapWithItsOwnTexts() throws IOException {
    authority.answering(new Decision.Denied("no"));

    assertThatThrownBy(() -> bootstrap(machine.guest()).runUnasked(DOMAIN))
        .isInstanceOf(RefusalException.class)
        .hasMessage("KMS is not allowed to auto-bootstrap: boot denied: no");
    assertNothingIsStored();
  }

  @Test
  void storesNothingWhenTheServersCertificateCannotBeAttested() throws IOException {
    Bootstrap unattested = bootstrap(machine.guest(), FakeQuotes.none(), machine.guest());

    assertThatThrownBy(() -> unattested.run(DOMAIN, Progress.unwatched()))
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith(
            "Failed to generate keys: failed to get a quote for the KMS RPC certificate.");
    assertNothingIsStored();
  }

  @Test
  void t14_storesNothingWhenTheKeysCannotBeAttested() throws IOException {
    Bootstrap unattested = bootstrap(machine.guest(), machine.guest(), FakeQuotes.none());

    assertThatThrownBy(() -> unattested.run(DOMAIN, Progress.unwatched()))
        .isInstanceOf(RefusalException.class)
        .hasMessage("the guest agent cannot be reached");
    assertNothingIsStored();
  }

  @Test
  void autoBootstrapPublishesNothing() {
    bootstrap(machine.guest()).runUnasked(DOMAIN);

    StoredState.Complete state = (StoredState.Complete) store.read(Optional.empty());
    try (var material = state.material()) {
      assertThat(material.bootstrapInfo()).isEmpty();
    }
  }

  @Test
  void t07_refusesASecondBootstrap() throws IOException {
    Bootstrap bootstrap = bootstrap(machine.guest());
    bootstrap.run(DOMAIN, Progress.unwatched());
    Bytes rootKey = content("root-k256.key");

    assertThatThrownBy(() -> bootstrap.run(DOMAIN, Progress.unwatched()))
        .hasMessage("KMS has already been bootstrapped");
    assertThatThrownBy(() -> bootstrap.runUnasked(DOMAIN))
        .hasMessage("KMS has already been bootstrapped");
    assertThat(content("root-k256.key")).isEqualTo(rootKey);
    assertThat(authority.askedAboutKms()).hasSize(1);
  }

  @Test
  void t07_refusesASecondBootstrapAfterARestart() throws IOException {
    bootstrap(machine.guest()).run(DOMAIN, Progress.unwatched());
    Bytes rootKey = content("root-k256.key");
    store = KeyStore.open(certs());

    assertThatThrownBy(() -> bootstrap(machine.guest()).run(DOMAIN, Progress.unwatched()))
        .isInstanceOf(RefusalException.class)
        .hasMessage("KMS has already been bootstrapped")
        .extracting("code")
        .isEqualTo(SetupRefusal.ALREADY_BOOTSTRAPPED);
    assertThat(content("root-k256.key")).isEqualTo(rootKey);
  }

  @Test
  void t07_letsOneOfTwoRacingBootstrapsWin() throws Exception {
    Bootstrap bootstrap = bootstrap(machine.guest());

    assertThat(
            race(
                List.of(
                    () -> bootstrap.run(DOMAIN, Progress.unwatched()),
                    () -> bootstrap.run(DOMAIN, Progress.unwatched()))))
        .isEqualTo(1);
  }

  @Test
  void t07_letsOneOfTwoProcessesWin() throws Exception {
    Bootstrap one = bootstrap(machine.guest());
    store = KeyStore.open(certs());
    Bootstrap other = bootstrap(machine.guest());

    assertThat(
            race(
                List.of(
                    () -> one.run(DOMAIN, Progress.unwatched()),
                    () -> other.run(DOMAIN, Progress.unwatched()))))
        .isEqualTo(1);
  }

  /** How many of the calls succeeded; the answer of the winner is what is stored. */
  private int race(List<Callable<BootstrapInfo>> calls) throws Exception {
    CyclicBarrier start = new CyclicBarrier(calls.size());
    int won = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Optional<BootstrapInfo>>> answers =
          calls.stream().map(call -> threads.submit(() -> attempt(start, call))).toList();
      for (Future<Optional<BootstrapInfo>> answer : answers) {
        if (answer.get().isPresent()) {
          won++;
          StoredState.Complete state = (StoredState.Complete) store.read(Optional.empty());
          try (var material = state.material()) {
            assertThat(material.bootstrapInfo()).isEqualTo(answer.get());
          }
        }
      }
    }
    return won;
  }

  private static Optional<BootstrapInfo> attempt(CyclicBarrier start, Callable<BootstrapInfo> call)
      throws Exception {
    start.await();
    try {
      return Optional.of(call.call());
    } catch (RefusalException e) {
      return Optional.empty();
    }
  }

  private Bootstrap bootstrap(QuoteSource quotes) {
    return bootstrap(quotes, quotes, quotes);
  }

  private Bootstrap bootstrap(
      QuoteSource forAuthority, QuoteSource forCertificate, QuoteSource forKeys) {
    return new Bootstrap(
        store,
        new SelfAuthorization(true, () -> machine.bootInfo(forAuthority), authority),
        new CertificateIssuer(new Certificates(InstantSource.system()), forCertificate, true),
        forKeys,
        new SecureRandom(),
        AuditTrail.none());
  }

  private Bytes content(String name) throws IOException {
    return Bytes.of(Files.readAllBytes(certs().resolve(name)));
  }

  private Path certs() {
    return folder.resolve("certs");
  }

  private void assertNothingIsStored() throws IOException {
    assertThat(store.hasKeys()).isFalse();
    try (Stream<Path> files = Files.list(certs())) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .allMatch(name -> name.startsWith("."));
    }
  }
}
