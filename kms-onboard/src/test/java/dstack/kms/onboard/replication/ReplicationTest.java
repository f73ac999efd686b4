package dstack.kms.onboard.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.authority.Decision;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.StoreRefusal;
import dstack.kms.onboard.node.NodeRunner;
import dstack.kms.onboard.progress.SetupStep;
import dstack.kms.onboard.testing.Curl;
import dstack.kms.onboard.testing.Machine;
import dstack.kms.onboard.testing.Openssl;
import dstack.kms.onboard.testing.TestNode;
import dstack.kms.sim.platform.SimulatedIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Taking keys over from sources of every release (specification 04 §4.3, 23 §7). */
@Timeout(300)
class ReplicationTest {
  private static final List<String> COMPLETE =
      List.of(
          "root-ca.crt",
          "root-ca.key",
          "root-k256.key",
          "rpc-domain",
          "rpc.crt",
          "rpc.key",
          "tmp-ca.crt",
          "tmp-ca.key");

  @TempDir static Path folder;
  private static Machine machine;
  private SimulatedSource source;

  @BeforeAll
  static void machine() {
    machine = Machine.in(folder, InstantSource.system());
  }

  @BeforeEach
  void source() throws IOException {
    source = new SimulatedSource(machine, folder);
  }

  @AfterEach
  void close() {
    source.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"ATTESTATION", "PAIR"})
  void takesTheKeysOfAnOlderRelease(SimulatedSource.Form form) throws IOException {
    source.form = form;
    source.start();
    Receiver receiver = new Receiver(machine, folder);

    Bytes k256 = receiver.run(source.url() + "/");

    assertThat(k256).isEqualTo(source.k256.publicKey().compressed());
    assertThat(receiver.files()).isEqualTo(COMPLETE);
    assertThat(receiver.text("root-ca.key")).isEqualTo(SimulatedSource.pem(source.root));
    assertThat(receiver.text("tmp-ca.key")).isEqualTo(SimulatedSource.pem(source.tmp));
    assertThat(Bytes.of(Files.readAllBytes(receiver.folder.resolve("root-k256.key"))))
        .isEqualTo(SimulatedSource.scalar(source.k256));
    assertThat(receiver.text("root-ca.crt")).isEqualTo(source.rootPem);
    assertThat(receiver.text("tmp-ca.crt")).isEqualTo(source.tmpPem);
    assertThat(receiver.text("rpc.key")).isNotEqualTo(SimulatedSource.pem(source.rpc));
    assertThat(receiver.text("rpc-domain")).isEqualTo("new.example");
    assertThat(source.asked).containsExactly("GetTempCaCert", "GetMeta", "GetKmsKey");
    assertThat(source.shown).hasSize(1);
    assertThat(
            Openssl.run(
                "verify",
                "-CAfile",
                receiver.folder.resolve("root-ca.crt").toString(),
                receiver.folder.resolve("rpc.crt").toString()))
        .endsWith(": OK\n");
  }

  @Test
  void recordsWhatItTakesBeforeItIsStoredAndSaysWhereItIs() throws IOException {
    source.start();
    Receiver receiver = new Receiver(machine, folder);

    receiver.run(source.url() + "/prpc/");

    assertThat(receiver.recorded).hasSize(1);
    assertThat(receiver.recorded.getFirst().facts())
        .containsEntry("source", "127.0.0.1:" + source.port())
        .containsEntry("domain", "new.example")
        .containsEntry("k256_pubkey", source.k256.publicKey().compressed().hex());
    assertThat(receiver.recorded.getFirst().subject().orElseThrow().bootInfo())
        .isEqualTo(machine.bootInfo(source.guest));
    assertThat(receiver.noted).isEmpty();
    assertThat(receiver.steps)
        .containsExactly(
            SetupStep.CHECKING,
            SetupStep.SOURCE,
            SetupStep.SOURCE_EVIDENCE,
            SetupStep.SOURCE_AUTHORIZATION,
            SetupStep.OWN_EVIDENCE,
            SetupStep.SOURCE_KEYS,
            SetupStep.KEY_CHECK,
            SetupStep.CERTIFICATES,
            SetupStep.STORE);
  }

  @Test
  void refusesToReplicateTwice() throws IOException {
    source.start();
    Receiver receiver = new Receiver(machine, folder);
    receiver.run(source.url());
    Map<String, Bytes> before = content(receiver);
    try {
      receiver.run(source.url());
      throw new AssertionError("replicated twice");
    } catch (RefusalException e) {
      assertThat(e.code()).isEqualTo(StoreRefusal.KEYS_EXIST);
      assertThat(e.text()).isEqualTo("KMS has already been onboarded");
    }
    assertThat(content(receiver)).isEqualTo(before);
  }

  @Test
  void takesTheKeysOfANodeOfThisReleaseOverTheGuidesCall() throws Exception {
    try (TestNode bench = TestNode.in(Files.createDirectory(folder.resolve("first")));
        NodeRunner first = bench.start(Map.of("core.onboard.auto_bootstrap_domain", "127.0.0.1"))) {
      TestNode.ready(first);
      try (TestNode other =
              TestNode.beside(bench, Files.createDirectory(folder.resolve("second")));
          NodeRunner second = other.start(Map.of())) {
        Curl.Reply reply =
            Curl.run(
                "-d",
                "{\"source_url\":\"" + bench.https("") + "\",\"domain\":\"127.0.0.1\"}",
                other.http("/prpc/Onboard.Onboard?json"));
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(Curl.run(other.http("/finish")).body()).isEqualTo("OK");
        TestNode.ready(second);
        String mine = Curl.run("-k", "-d", "{}", bench.https("/prpc/GetMeta?json")).body();
        assertThat(Curl.run("-k", "-d", "{}", other.https("/prpc/GetMeta?json")).body())
            .isEqualTo(mine);
        assertThat(reply.body()).startsWith("{\"k256_pubkey\":\"0");
        assertThat(mine).contains(reply.body().substring(1, reply.body().length() - 1));
        String app = "/prpc/GetAppEnvEncryptPubKey?app_id=" + "11".repeat(20);
        assertThat(publicKey(other.https(app))).isEqualTo(publicKey(bench.https(app)));
      }
    }
  }

  private static String publicKey(String url) {
    return Curl.run("-k", url).body().replaceFirst(",\"signature.*", "");
  }

  @ParameterizedTest
  @EnumSource(names = {"ATTESTATION", "PAIR"})
  void refusesUnderOtherRootsWhatPassesUnderTheSimulatedOnes(SimulatedSource.Form form)
      throws IOException {
    source.form = form;
    source.start();
    Receiver receiver = new Receiver(machine, folder);
    receiver.verifier = Machine.in(folder.resolve("elsewhere"), InstantSource.system()).verifier();

    RefusalException refused = receiver.refusal(source.url());

    assertThat(refused.text())
        .startsWith(
            "Failed to onboard: failed to validate the server attestation of "
                + source.url()
                + "/prpc: ");
    assertThat(source.asked).isEmpty();
  }

  @Test
  void refusesASourceThatItsOwnAuthorityDenies() throws IOException {
    source.start();
    Receiver receiver = new Receiver(machine, folder);
    receiver.decisions.answering(new Decision.Denied("Aggregated MR not allowed"));

    RefusalException refused = receiver.refusal(source.url());

    assertThat(refused.code()).isEqualTo(ReplicationRefusal.SOURCE_NOT_ALLOWED);
    assertThat(refused.text())
        .isEqualTo(
            "Failed to onboard: Source KMS is not allowed for onboarding: boot denied: Aggregated"
                + " MR not allowed");
    assertThat(source.asked).containsExactly("GetTempCaCert", "GetMeta");
    assertThat(source.shown).isEmpty();
    assertThat(receiver.noted).hasSize(1);
  }

  @Test
  void asksTheAuthorityAboutTheSourceAndNotAboutItself() throws IOException {
    SimulatedIdentity other =
        SimulatedIdentity.standard()
            .change()
            .device(3)
            .appId(Bytes.fromHex("ab".repeat(20)))
            .done();
    source.guest = machine.platform().boot(other);
    source.start();
    Receiver receiver = new Receiver(machine, folder);

    receiver.run(source.url());

    assertThat(receiver.decisions.askedAboutKms()).containsExactly(machine.bootInfo(source.guest));
    assertThat(ParsedCertificate.parse(Pem.decode(receiver.text("root-ca.crt"))).spki())
        .isEqualTo(source.root.publicKey().subjectPublicKeyInfo());
  }

  private static Map<String, Bytes> content(Receiver receiver) throws IOException {
    Map<String, Bytes> content = new java.util.TreeMap<>();
    for (String name : receiver.files()) {
      content.put(name, Bytes.of(Files.readAllBytes(receiver.folder.resolve(name))));
    }
    return content;
  }
}
