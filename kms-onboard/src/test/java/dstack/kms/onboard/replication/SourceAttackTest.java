package dstack.kms.onboard.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.evidence.CertificateEvidence;
import dstack.kms.attest.evidence.EvidenceRefusal;
import dstack.kms.attest.source.QuoteSource;
import dstack.kms.attest.verify.VerifyRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.testing.FakeQuotes;
import dstack.kms.onboard.testing.Machine;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.HttpRoutes;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import dstack.kms.rpc.http.Route;
import dstack.kms.sim.fault.ContainerFault;
import dstack.kms.sim.fault.QuoteFault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that are no source: each is refused before this node shows or asks anything. */
@Timeout(300)
class SourceAttackTest {
  @TempDir static Path folder;
  private static Machine machine;
  private SimulatedSource source;
  private Receiver receiver;

  @BeforeAll
  static void machine() {
    machine = Machine.in(folder, InstantSource.system());
  }

  @BeforeEach
  void open() throws IOException {
    source = new SimulatedSource(machine, folder);
    receiver = new Receiver(machine, folder);
  }

  @AfterEach
  void close() {
    source.close();
  }

  /** Nothing was asked, nothing shown, nothing decided, and the refusal is on record. */
  private RefusalException refusedUnasked() throws IOException {
    source.start();
    RefusalException refused = receiver.refusal(source.url());
    assertThat(source.asked).isEmpty();
    assertThat(source.shown).isEmpty();
    assertThat(receiver.decisions.askedAboutKms()).isEmpty();
    assertThat(receiver.noted).hasSize(1);
    assertThat(receiver.recorded).isEmpty();
    assertThat(refused.text())
        .startsWith(
            "Failed to onboard: failed to validate the server attestation of "
                + source.url()
                + "/prpc: ");
    return refused;
  }

  @Test
  void t06_refusesASourceWithoutEvidenceAndSaysWhatToDo() throws IOException {
    source.form = SimulatedSource.Form.NONE;

    RefusalException refused = refusedUnasked();

    assertThat(refused.code()).isEqualTo(ReplicationRefusal.SOURCE_WITHOUT_EVIDENCE);
    assertThat(refused.text())
        .contains("Source KMS certificate does not contain attestation", "quote_enabled");
  }

  @Test
  void t35_refusesAQuoteWithoutItsEventLog() throws IOException {
    source.form = SimulatedSource.Form.HALF_PAIR;

    assertThat(refusedUnasked().text()).endsWith("TDX event log missing");
  }

  @ParameterizedTest
  @EnumSource(names = {"ATTESTATION", "PAIR"})
  void t01_refusesEvidenceOverAnotherKey(SimulatedSource.Form form) throws IOException {
    source.form = form;
    source.evidenceKey = P256PrivateKey.generate(new SecureRandom());

    RefusalException refused = refusedUnasked();

    assertThat(refused.code()).isEqualTo(VerifyRefusal.KEY_BINDING);
    assertThat(refused.text()).endsWith(": report data mismatch");
  }

  @ParameterizedTest
  @ValueSource(strings = {"app:custom", "app:ca", "kms:rpc ", "KMS:RPC", ""})
  void t18_refusesACertificateThatIsNotThatOfAKms(String usage) throws IOException {
    source.usage = usage;

    assertThat(refusedUnasked().code()).isEqualTo(ReplicationRefusal.SOURCE_USAGE);
  }

  /** Such evidence is genuine, as far as anybody looked. */
  @Test
  void t22_refusesASourceWhoseEvidenceWasNotCheckedCompletely() throws IOException {
    source.guest = machine.enclave();
    receiver.verifier = machine.withoutLists();

    RefusalException refused = refusedUnasked();

    assertThat(refused.code()).isEqualTo(VerifyRefusal.INCOMPLETE);
    assertThat(refused.text()).contains("evidence was not checked completely: Whether the ");
  }

  @Test
  void refusesEvidenceOfAPlatformWithOtherRoots() throws IOException {
    Machine foreign = Machine.in(folder.resolve("foreign"), InstantSource.system());
    source.guest = foreign.guest();

    refusedUnasked();
  }

  @Test
  void refusesEvidenceThatWasChangedAfterSigning() throws IOException {
    source.guest = machine.guest(QuoteFault.RTMR3_PATCHED_AFTER_SIGNING);
    refusedUnasked();
  }

  @Test
  void refusesEventsThatTheQuoteDidNotMeasure() throws IOException {
    source.guest = machine.guest(ContainerFault.ALTERED_APP_ID);
    refusedUnasked();
  }

  @Test
  void refusesEvidenceWithATail() throws IOException {
    QuoteSource honest = machine.guest();
    source.guest = FakeQuotes.answering(data -> Bytes.concat(honest.attest(data), Bytes.zeros(1)));
    source.stripped = false;

    assertThat(refusedUnasked().code()).isEqualTo(EvidenceRefusal.ATTESTATION_TRAILING_BYTES);
  }

  @Test
  void t02_refusesItsOwnEvidenceShownBackToIt() throws IOException {
    source.answers.put("GetKmsKey", _ -> SimulatedSource.error("Boot denied: come back later"));
    source.start();
    receiver.flags.put("core.onboard.retry_for", "1s");
    receiver.refusal(source.url());
    ParsedCertificate seen = ParsedCertificate.parse(source.shown.getFirst());
    Bytes own = CertificateEvidence.of(seen).orElseThrow().encode();
    try (SimulatedSource mirror = new SimulatedSource(machine, folder)) {
      mirror.guest = FakeQuotes.answering(_ -> own);
      mirror.start();

      RefusalException refused = receiver.refusal(mirror.url());

      assertThat(refused.code()).isEqualTo(ReplicationRefusal.OWN_EVIDENCE_REFLECTED);
      assertThat(mirror.asked).isEmpty();
    }
  }

  @Test
  void t19_refusesAnotherKeyOnTheConnectionThatCarriesTheKeys() throws IOException {
    source.start();
    try (SimulatedSource attacker = new SimulatedSource(machine, folder).start();
        Proxy between = new Proxy(Proxy.Fate.to(source.port()), Proxy.Fate.to(attacker.port()))) {
      RefusalException refused = receiver.refusal(between.url());

      assertThat(refused.code()).isEqualTo(ReplicationRefusal.SOURCE_KEY_CHANGED);
      assertThat(refused.text()).contains("somebody may stand in between");
      assertThat(between.connections()).isEqualTo(2);
      assertThat(source.asked).containsExactly("GetTempCaCert", "GetMeta");
      // The attacker is a sound KMS of its own, and still sees neither evidence nor question.
      assertThat(attacker.asked).isEmpty();
      assertThat(attacker.shown).isEmpty();
    }
  }

  @Test
  void t19_refusesTheSwitchAlsoWhenTheAttackerComesFirst() throws IOException {
    source.start();
    try (SimulatedSource attacker = new SimulatedSource(machine, folder)) {
      attacker.signer = P256PrivateKey.generate(new SecureRandom());
      attacker.answers.put("GetTempCaCert", source.answers.get("GetTempCaCert"));
      attacker.answers.put("GetMeta", source.answers.get("GetMeta"));
      attacker.start();
      try (Proxy between =
          new Proxy(Proxy.Fate.to(attacker.port()), Proxy.Fate.to(source.port()))) {
        assertThat(receiver.refusal(between.url()).code())
            .isEqualTo(ReplicationRefusal.SOURCE_IDENTITY);
        assertThat(between.connections()).isEqualTo(1);
      }
    }
  }

  @Test
  void tellsAPlainListenerFromASourceInTheGuidesWords() throws IOException {
    HttpRoutes nothing = (_, _) -> new Route.Immediate(HttpReply.notFound());
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (HttpServer plain = HttpServer.start(Listener.plain("set-up", any, nothing))) {
      RefusalException refused = receiver.refusal("https://127.0.0.1:" + plain.port());

      assertThat(refused.code()).isEqualTo(ReplicationRefusal.SOURCE_NOT_TLS);
      assertThat(refused.text())
          .startsWith("Failed to onboard: received corrupt message of type InvalidContentType")
          .contains("stale DNS");
    }
  }

  @Test
  void tellsThatNobodyListens() throws IOException {
    source.start();
    String url = source.url();
    source.close();

    assertThat(receiver.refusal(url).code()).isEqualTo(ReplicationRefusal.SOURCE_UNREACHABLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:1", "127.0.0.1:1", "https://u:geheim@127.0.0.1:1", ""})
  void refusesUrlsThatAreNotHttps(String url) {
    RefusalException refused = receiver.refusal(url);

    assertThat(refused.code().code()).isEqualTo("client-url");
    assertThat(refused.text()).doesNotContain("geheim");
  }
}
