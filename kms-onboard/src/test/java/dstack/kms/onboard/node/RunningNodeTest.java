package dstack.kms.onboard.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Empty;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.testing.Curl;
import dstack.kms.onboard.testing.Eventually;
import dstack.kms.onboard.testing.HalfRequest;
import dstack.kms.onboard.testing.MovableClock;
import dstack.kms.onboard.testing.TestNode;
import dstack.kms.onboard.testing.WebhookDouble;
import dstack.kms.rpc.client.ClientLimits;
import dstack.kms.rpc.client.RpcClient;
import dstack.kms.rpc.client.RpcConnection;
import dstack.kms.rpc.client.RpcUrl;
import dstack.kms.rpc.client.ServerTrust;
import dstack.kms.rpc.proto.GetMetaResponse;
import dstack.kms.rpc.proto.GetTempCaCertResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What changes under a node that serves, seen over connections that stay open. */
@Timeout(300)
class RunningNodeTest {
  private static final Map<String, String> SERVING =
      Map.of("core.onboard.auto_bootstrap_domain", "127.0.0.1", "rpc.keep_alive", "3600");

  @TempDir Path folder;
  private final MovableClock clock = new MovableClock();
  private final RpcClient client = new RpcClient(TlsEngine.AUTO, ClientLimits.DEFAULT);
  private TestNode bench;

  @BeforeEach
  void open() throws IOException {
    bench = TestNode.in(folder);
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    bench.close();
  }

  // ---- certificates

  @Test
  void renewsItsCertificateByItselfWhileOpenConnectionsGoOn() throws IOException {
    try (NodeRunner _ = bench.startBy(clock, SERVING);
        RpcConnection held = connect()) {
      byte[] root = bytes("root-ca.crt");
      byte[] temp = bytes("tmp-ca.crt");
      Bytes before = held.serverCertificate();
      String caCert = meta(held).getCaCert();

      clock.advance(Duration.ofHours(25));
      Eventually.holds("another certificate", () -> !newest().equals(before));

      assertThat(meta(held).getCaCert()).isEqualTo(caCert);
      assertThat(bytes("root-ca.crt")).isEqualTo(root);
      assertThat(bytes("tmp-ca.crt")).isEqualTo(temp);
    }
  }

  @Test
  void doesNotRenewBeforeItsTime() {
    try (NodeRunner node = bench.startBy(clock, SERVING)) {
      Bytes before = newest();
      clock.advance(Duration.ofHours(23));
      Eventually.holds("a look at itself", () -> ready(node).contains("allows this node"));
      assertThat(newest()).isEqualTo(before);
    }
  }

  @Test
  void goesOnWithTheOldCertificateSaysSoAndTriesAgain() throws IOException {
    try (NodeRunner node = bench.startBy(clock, SERVING)) {
      Bytes before = newest();
      bench.withoutAgent();
      clock.advance(Duration.ofHours(25));
      Eventually.holds("a note", () -> ready(node).contains("certificates were not renewed at"));

      assertThat(newest()).isEqualTo(before);
      assertThat(metrics(node)).doesNotContain("kms_certificate_renewal_failures_total 0");
      assertThat(ready(node)).contains("\"certificates\" : {\n      \"ok\" : true");

      bench.withAgent();
      clock.advance(Duration.ofHours(1));
      Eventually.holds("another certificate", () -> !newest().equals(before));
      assertThat(ready(node)).doesNotContain("certificates were not renewed at");
    }
  }

  @Test
  void tellsWhenEachCertificateEnds() {
    try (NodeRunner node = bench.start(SERVING)) {
      assertThat(metrics(node))
          .contains("kms_certificate_valid_seconds{certificate=\"root-ca\"} ")
          .contains("kms_certificate_valid_seconds{certificate=\"tmp-ca\"} ")
          .contains("kms_certificate_valid_seconds{certificate=\"rpc\"} ")
          .contains("kms_certificate_renewal_failures_total 0\n");
    }
  }

  // ---- another configuration

  @Test
  void letsAnotherConfigurationAnswerTheNextRequestOfAnOpenConnection() throws IOException {
    try (WebhookDouble other = WebhookDouble.serve();
        NodeRunner node = bench.start(SERVING);
        RpcConnection held = connect()) {
      assertThat(temporary(held)).isPresent();
      other.deny("not by this one");

      node.reload(() -> bench.config(with("core.auth_api.webhook.url", other.url())));

      assertThatThrownBy(() -> temporary(held)).hasMessageContaining("not by this one");
      other.allow();
      assertThat(temporary(held)).isPresent();
      assertThat(metrics(node)).contains("kms_reloads_total{outcome=\"done\"} 1\n");
    }
  }

  /** What was just denied must not have keys because its head came before, and its body late. */
  @Test
  void t34_aRequestThatIsCompleteAfterTheReloadIsAnsweredUnderTheNewConfiguration()
      throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (WebhookDouble other = WebhookDouble.serve();
        NodeRunner node = bench.start(SERVING);
        RpcConnection held = connect()) {
      assertThat(temporary(held)).isPresent();
      other.deny("not by this one");
      bench.authority().holdUntil(release);
      CompletableFuture<Optional<String>> before =
          CompletableFuture.supplyAsync(() -> temporary(held));
      Eventually.holds(
          "a request that keeps the old configuration in use",
          () -> metrics(node).contains("kms_requests_running{listener=\"main\"} 1\n"));

      try (HalfRequest late = HalfRequest.post(bench.https("/prpc/GetTempCaCert"), "{}")) {
        node.reload(() -> bench.config(with("core.auth_api.webhook.url", other.url())));
        assertThat(late.complete()).contains("not by this one").doesNotContain("temp_ca_key");
      }
      release.countDown();
      assertThat(before.get()).isPresent();
    } finally {
      release.countDown();
    }
  }

  @Test
  void takesANewTrustAnchorForItselfOrNothing() throws IOException {
    try (NodeRunner node = bench.start(SERVING);
        RpcConnection held = connect()) {
      Path foreign = folder.resolve("foreign");
      TestNode elsewhere = TestNode.in(Files.createDirectory(foreign));
      Path anchor = elsewhere.machine().platform().rootCertificateFile();
      elsewhere.close();

      assertThatThrownBy(
              () ->
                  node.reload(
                      () -> bench.config(with("core.attestation.root_ca.tdx", anchor.toString()))))
          .isInstanceOf(RefusalException.class)
          .hasMessageContaining("Failed to verify local KMS attestation");
      assertThat(temporary(held)).isPresent();
    }
  }

  @Test
  void keepsTheOldConfigurationWhenTheNewOneDoesNotLoad() {
    try (NodeRunner node = bench.start(SERVING);
        RpcConnection held = connect()) {
      assertThatThrownBy(() -> node.reload(() -> bench.config(with("core.sit_name", "x"))))
          .isInstanceOf(RefusalException.class)
          .hasMessageContaining("unknown key core.sit_name");

      assertThat(temporary(held)).isPresent();
      assertThat(ready(node)).contains("is not in use: [", "unknown key core.sit_name");
      assertThat(metrics(node)).contains("kms_reloads_total{outcome=\"refused\"} 1\n");

      node.reload(() -> bench.config(SERVING));
      assertThat(ready(node)).doesNotContain("is not in use");
    }
  }

  @Test
  void refusesToChangeWhatNeedsARestart() {
    try (NodeRunner node = bench.start(SERVING)) {
      assertThatThrownBy(() -> node.reload(() -> bench.config(with("core.epoch", "1"))))
          .isInstanceOf(RefusalException.class)
          .hasMessage(
              "core.epoch changed: it needs a restart; the configuration in use stays as it is");
    }
  }

  @Test
  void refusesAnotherConfigurationWhileItIsSetUp() {
    try (NodeRunner node = bench.start(Map.of())) {
      assertThatThrownBy(() -> node.reload(() -> bench.config(Map.of())))
          .isInstanceOf(RefusalException.class)
          .hasMessageContaining("setting-up");
    }
  }

  @Test
  void losesNoRequestOverTwentyRenewalsAndTenReloads() throws Exception {
    try (NodeRunner node = bench.start(SERVING);
        RpcConnection held = connect()) {
      AtomicBoolean over = new AtomicBoolean();
      CompletableFuture<Integer> answers =
          CompletableFuture.supplyAsync(
              () -> {
                int count = 0;
                while (!over.get()) {
                  assertThat(temporary(held)).isPresent();
                  count++;
                }
                return count;
              });
      for (int i = 0; i < 20; i++) {
        node.renewCertificates();
        if (i % 2 == 0) {
          String name = "core.site_name";
          String value = "site " + i;
          node.reload(() -> bench.config(with(name, value)));
        }
      }
      over.set(true);
      assertThat(answers.get()).isPositive();
    }
  }

  // ---- its own standing

  @Test
  void t20_isNotReadyWhileTheAuthorityDeniesIt() {
    Map<String, String> often = with("core.life.check_self", "1s");
    try (NodeRunner node = bench.start(often)) {
      assertThat(ready(node)).contains("the authority allows this node");

      bench.authority().deny("revoked");
      Eventually.holds("unready", () -> ready(node).contains("KMS is not allowed: revoked"));
      assertThat(metrics(node)).contains("kms_self_allowed 0\n");

      bench.authority().allow();
      Eventually.holds("ready", () -> ready(node).contains("the authority allows this node"));
      assertThat(metrics(node)).contains("kms_self_allowed 1\n");
    }
  }

  @Test
  void endsRefusedWhenAListenerStopsByItself() throws Exception {
    NodeRunner node = bench.start(SERVING);
    OpenListeners.kill(node);

    assertThatThrownBy(node::awaitEnd)
        .isInstanceOf(RefusalException.class)
        .hasMessage("the listener main stopped by itself");
    assertThat(node.state()).isInstanceOf(NodeState.Refused.class);
  }

  private RpcConnection connect() {
    return client.connect(
        RpcUrl.ofKms(bench.https("")), new ServerTrust.Unverified(), Optional.empty());
  }

  private Bytes newest() {
    try (RpcConnection fresh = connect()) {
      return fresh.serverCertificate();
    }
  }

  private static GetMetaResponse meta(RpcConnection connection) {
    return connection.call(
        "GetMeta", Empty.getDefaultInstance(), GetMetaResponse.getDefaultInstance());
  }

  private static Optional<String> temporary(RpcConnection connection) {
    GetTempCaCertResponse answer =
        connection.call(
            "GetTempCaCert",
            Empty.getDefaultInstance(),
            GetTempCaCertResponse.getDefaultInstance());
    return Optional.of(answer.getTempCaCert()).filter(text -> !text.isEmpty());
  }

  private static Map<String, String> with(String key, String value) {
    Map<String, String> flags = new HashMap<>(SERVING);
    flags.put(key, value);
    return flags;
  }

  private static String ready(NodeRunner node) {
    return Curl.run(TestNode.operations(node, "/ready")).body();
  }

  private static String metrics(NodeRunner node) {
    return Curl.run(TestNode.operations(node, "/metrics")).body();
  }

  private byte[] bytes(String file) throws IOException {
    return Files.readAllBytes(bench.certs().resolve(file));
  }
}
