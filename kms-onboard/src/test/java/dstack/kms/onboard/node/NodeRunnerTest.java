package dstack.kms.onboard.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.testing.Curl;
import dstack.kms.onboard.testing.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The life of a process (specification 04 §2, 23 §5), driven by curl as the guide has it. */
class NodeRunnerTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String BOOTSTRAP = "/prpc/Onboard.Bootstrap?json";
  private static final String META = "/prpc/GetMeta?json";

  @TempDir Path folder;
  private TestNode bench;

  @BeforeEach
  void open() throws IOException {
    bench = TestNode.in(folder);
  }

  @AfterEach
  void close() throws IOException {
    bench.close();
  }

  @Test
  void goesThroughTheGuidesSequenceInOneProcessAndAtOnePort() throws Exception {
    try (NodeRunner node = bench.start(Map.of("core.site_name", "site 1"))) {
      assertThat(node.state()).isInstanceOf(NodeState.SettingUp.class);

      JsonNode info = json(Curl.run(bench.http("/prpc/Onboard.GetAttestationInfo?json")));
      assertThat(info.propertyNames())
          .containsExactlyInAnyOrder(
              "device_id",
              "mr_aggregated",
              "os_image_hash",
              "tee_variant",
              "attestation_mode",
              "site_name",
              "eth_rpc_url",
              "kms_contract_address",
              "ppid");
      assertThat(info.get("attestation_mode").asString()).isEqualTo("dstack-tdx");
      assertThat(info.get("site_name").asString()).isEqualTo("site 1");
      assertThat(info.get("eth_rpc_url").asString()).isEqualTo("https://rpc.example");
      assertThat(info.get("kms_contract_address").asString()).isEqualTo("0x1234");
      assertThat(info.get("device_id").asString())
          .isEqualTo(bench.machine().bootInfo().deviceId().hex());

      assertThat(Curl.run(bench.http("/finish")).status()).isEqualTo(400);
      JsonNode made = json(Curl.run("-d", "{\"domain\":\"127.0.0.1\"}", bench.http(BOOTSTRAP)));
      assertThat(Curl.run(bench.http("/finish")).body()).isEqualTo("OK");
      TestNode.ready(node);

      Curl.Reply reply = Curl.run("-k", bench.https(META));
      JsonNode meta = json(reply);
      assertThat(reply.head()).contains("v9.9.9 (git:0123456789abcdef0123)");
      assertThat(meta.get("k256_pubkey")).isEqualTo(made.get("k256_pubkey"));
      assertThat(meta.get("bootstrap_info")).isEqualTo(made);
      assertThat(meta.get("chain_id").asLong()).isEqualTo(8453);
      Path ca = Files.writeString(folder.resolve("ca.pem"), meta.get("ca_cert").asString());
      Curl.Reply verified = Curl.run("--cacert", ca.toString(), bench.https("/health"));
      assertThat(verified.body()).isEqualTo("OK");
    }
  }

  @Test
  void finishesOverRpcToo() throws Exception {
    try (NodeRunner node = bench.start(Map.of())) {
      json(Curl.run("-d", "{\"domain\":\"127.0.0.1\"}", bench.http(BOOTSTRAP)));

      assertThat(Curl.run("-d", "{}", bench.http("/prpc/Onboard.Finish?json")).body())
          .isEqualTo("null");
      TestNode.ready(node);
      assertThat(Curl.run("-k", bench.https("/health")).body()).isEqualTo("OK");
    }
  }

  @Test
  void t07_refusesASecondBootstrapBeforeAndAfterARestart() throws Exception {
    JsonNode made;
    try (NodeRunner node = bench.start(Map.of())) {
      made = json(Curl.run("-d", "{\"domain\":\"127.0.0.1\"}", bench.http(BOOTSTRAP)));
      Curl.Reply second = Curl.run("-d", "{\"domain\":\"127.0.0.1\"}", bench.http(BOOTSTRAP));
      assertThat(second.status()).isEqualTo(400);
      assertThat(second.body())
          .isEqualTo("{\n  \"error\": \"KMS has already been bootstrapped\"\n}");
      assertThat(node.state()).isInstanceOf(NodeState.SettingUp.class);
    }
    try (NodeRunner node = bench.start(Map.of())) {
      assertThat(node.state()).isInstanceOf(NodeState.Ready.class);
      assertThat(json(Curl.run("-k", bench.https(META))).get("bootstrap_info")).isEqualTo(made);
      assertThat(Curl.run("-k", "-d", "{}", bench.https(BOOTSTRAP)).body())
          .contains("Service not found: Onboard.Bootstrap");
    }
  }

  @Test
  void refusesBootstrapWithTheTextThatTheGuideQuotes() {
    bench.authority().deny("Aggregated MR not allowed");
    try (NodeRunner node = bench.start(Map.of())) {
      Curl.Reply reply = Curl.run("-d", "{\"domain\":\"127.0.0.1\"}", bench.http(BOOTSTRAP));

      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.body())
          .isEqualTo(
              "{\n  \"error\": \"KMS is not allowed to bootstrap: boot denied: Aggregated MR not"
                  + " allowed\"\n}");
      assertThat(bench.certs().resolve("root-ca.key")).doesNotExist();
      assertThat(node.state()).isInstanceOf(NodeState.SettingUp.class);
    }
  }

  @Test
  void tellsAttestationInfoWithoutTheAuthority() {
    bench.authority().close();
    try (NodeRunner node = bench.start(Map.of())) {
      JsonNode info = json(Curl.run(bench.http("/prpc/Onboard.GetAttestationInfo?json")));

      assertThat(info.get("eth_rpc_url").asString()).isEmpty();
      assertThat(info.get("kms_contract_address").asString()).isEmpty();
      assertThat(info.get("mr_aggregated").asString()).hasSize(64);
      assertThat(node.state()).isInstanceOf(NodeState.SettingUp.class);
    }
  }

  @Test
  void refusesAttestationInfoWithoutTheAgent() throws IOException {
    bench.withoutAgent();
    try (NodeRunner node = bench.start(Map.of())) {
      assertThat(Curl.run(bench.http("/prpc/Onboard.GetAttestationInfo?json")).body())
          .contains("Failed to get attestation: ");
      assertThat(node.state()).isInstanceOf(NodeState.SettingUp.class);
    }
  }

  @Test
  void bootstrapsUnaskedAndServesAtOnce() {
    try (NodeRunner node = bench.start(Map.of("core.onboard.auto_bootstrap_domain", "127.0.0.1"))) {
      assertThat(node.state()).isInstanceOf(NodeState.Ready.class);
      JsonNode meta = json(Curl.run("-k", bench.https(META)));
      assertThat(meta.get("bootstrap_info").isNull()).isTrue();
    }
  }

  @Test
  void keepsTheKeysOverARestartAndRenewsOnlyTheServersCertificate() throws IOException {
    Map<String, String> auto = Map.of("core.onboard.auto_bootstrap_domain", "127.0.0.1");
    bench.start(auto).close();
    String root = content("root-ca.crt");
    String key = content("root-ca.key");
    String rpc = content("rpc.crt");

    bench.start(auto).close();

    assertThat(content("root-ca.crt")).isEqualTo(root);
    assertThat(content("root-ca.key")).isEqualTo(key);
    assertThat(content("rpc.crt")).isNotEqualTo(rpc);
  }

  @Test
  void rebuildsMissingCertificatesInsteadOfOfferingSetup() throws IOException {
    bench.start(Map.of("core.onboard.auto_bootstrap_domain", "127.0.0.1")).close();
    String key = content("root-ca.key");
    Files.delete(bench.certs().resolve("rpc.crt"));
    Files.delete(bench.certs().resolve("root-ca.crt"));

    try (NodeRunner node = bench.start(Map.of())) {
      assertThat(node.state()).isInstanceOf(NodeState.Ready.class);
      assertThat(content("root-ca.key")).isEqualTo(key);
    }
  }

  @Test
  void refusesToAutoBootstrapWhenDenied() {
    bench.authority().deny("no such KMS");

    assertThatThrownBy(() -> bench.start(Map.of("core.onboard.auto_bootstrap_domain", "127.0.0.1")))
        .isInstanceOf(RefusalException.class)
        .hasMessage("KMS is not allowed to auto-bootstrap: boot denied: no such KMS");
    assertThat(bench.certs().resolve("root-ca.key")).doesNotExist();
  }

  @Test
  void refusesToAutoBootstrapForAnInvalidDomain() {
    assertThatThrownBy(() -> bench.start(Map.of("core.onboard.auto_bootstrap_domain", "a_b")))
        .isInstanceOf(RefusalException.class)
        .hasMessage("domain contains an invalid DNS label");
  }

  @Test
  void refusesToStartWithoutFreshEvidenceForItsCertificate() throws IOException {
    bench.start(Map.of("core.onboard.auto_bootstrap_domain", "127.0.0.1")).close();
    bench.withoutAgent();

    assertThatThrownBy(() -> bench.start(Map.of()))
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith(
            "Failed to reissue the attested KMS RPC certificate; refusing to start with a"
                + " potentially unattested certificate: failed to get a quote");
  }

  @Test
  void refusesWithoutKeysWhereSetupIsSwitchedOff() {
    assertThatThrownBy(() -> bench.start(Map.of("core.onboard.enabled", "false")))
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith("Failed to onboard: there are no keys in ");
  }

  @Test
  void refusesAnIncompleteKeySet() throws IOException {
    bench.start(Map.of("core.onboard.auto_bootstrap_domain", "127.0.0.1")).close();
    String root = content("root-ca.key");
    Files.delete(bench.certs().resolve("rpc.key"));

    assertThatThrownBy(() -> bench.start(Map.of("core.onboard.auto_bootstrap_domain", "127.0.0.1")))
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith("Failed to initialize KMS state: ");
    assertThat(content("root-ca.key")).isEqualTo(root);
  }

  @Test
  void refusesAPortThatIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());

      assertThatThrownBy(() -> bench.start(Map.of("core.onboard.port", port)))
          .isInstanceOf(RefusalException.class)
          .hasMessageStartingWith("cannot listen at ")
          .hasMessageContaining("in use");
      assertThatThrownBy(() -> bench.start(Map.of("core.operations.port", port)))
          .isInstanceOf(RefusalException.class)
          .hasMessageStartingWith("cannot listen at ");
    }
  }

  @Test
  void refusesATrustAnchorThatIsNone() throws IOException {
    Path file = Files.writeString(folder.resolve("anchor.pem"), "nothing");

    assertThatThrownBy(() -> bench.start(Map.of("core.attestation.root_ca.tdx", file.toString())))
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith(
            "Failed to initialize KMS state: failed to load attestation verifier: ");
  }

  @Test
  void leavesNothingOpenAfterARefusal() {
    bench.authority().deny("no");
    Map<String, String> auto = Map.of("core.onboard.auto_bootstrap_domain", "127.0.0.1");
    assertThatThrownBy(() -> bench.start(auto)).isInstanceOf(RefusalException.class);

    bench.authority().allow();
    try (NodeRunner node = bench.start(auto)) {
      assertThat(node.state()).isInstanceOf(NodeState.Ready.class);
    }
  }

  @Test
  void tellsItsHealthFromTheFirstSecondInEveryState() throws Exception {
    try (NodeRunner node = bench.start(Map.of())) {
      assertThat(Curl.run(TestNode.operations(node, "/live")).status()).isEqualTo(200);
      Curl.Reply waiting = Curl.run(TestNode.operations(node, "/ready"));
      assertThat(waiting.status()).isEqualTo(503);
      assertThat(waiting.body()).contains("setting-up", "insecure_allow_external_trust_anchors");

      json(Curl.run("-d", "{\"domain\":\"127.0.0.1\"}", bench.http(BOOTSTRAP)));
      Curl.run(bench.http("/finish"));
      TestNode.ready(node);

      JsonNode ready = json(Curl.run(TestNode.operations(node, "/ready")));
      assertThat(ready.get("ready").asBoolean()).isTrue();
      assertThat(ready.get("checks").propertyNames())
          .containsExactlyInAnyOrder(
              "state", "keys", "audit", "authority", "agent", "collateral", "certificates", "self");
      assertThat(Curl.run(TestNode.operations(node, "/metrics")).body())
          .contains("kms_node_state{state=\"ready\"} 1");
    }
  }

  @Test
  void t16_saysInMetricsAndReadyThatTheWebhookIsPlainHttp() {
    try (NodeRunner node = bench.start(Map.of())) {
      assertThat(Curl.run(TestNode.operations(node, "/metrics")).body())
          .contains("kms_plain_http_webhook{key=\"core.auth_api.webhook.url\",to=\"machine\"} 1\n")
          .contains(
              "kms_weakening{key=\"core.attestation.insecure_allow_external_trust_anchors\"} 1\n");
      assertThat(Curl.run(TestNode.operations(node, "/ready")).body())
          .contains("core.auth_api.webhook.url: plain HTTP");
    }
  }

  @Test
  void t16_saysNothingOfPlainHttpWhereTheWebhookIsNot() {
    Map<String, String> encrypted = Map.of("core.auth_api.webhook.url", "https://127.0.0.1:1");
    try (NodeRunner node = bench.start(encrypted)) {
      assertThat(Curl.run(TestNode.operations(node, "/metrics")).body())
          .doesNotContain("kms_plain_http_webhook{");
      assertThat(Curl.run(TestNode.operations(node, "/ready")).body()).doesNotContain("plain HTTP");
    }
  }

  @Test
  void isNotReadyWithoutAReadablePolicyFile() {
    Map<String, String> noPolicy =
        Map.of(
            "core.auth_api.type",
            "file",
            "core.auth_api.file.path",
            folder.resolve("policy.json").toString());
    try (NodeRunner node = bench.start(noPolicy)) {
      assertThat(Curl.run(TestNode.operations(node, "/ready")).body())
          .contains("authority-policy-unreadable");
    }
  }

  @Test
  void leavesNoThreadOfTheAuthorityBehindWhenItDoesNotStart() throws IOException {
    Path file = Files.writeString(folder.resolve("anchor.pem"), "nothing");
    long before = httpThreads();

    assertThatThrownBy(() -> bench.start(Map.of("core.attestation.root_ca.tdx", file.toString())))
        .isInstanceOf(RefusalException.class);

    assertThat(httpThreads()).isEqualTo(before);
  }

  private static long httpThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("HttpClient-"))
        .count();
  }

  @Test
  void isNotReadyWithoutTheAuthority() {
    try (NodeRunner node = bench.start(Map.of("core.onboard.auto_bootstrap_domain", "127.0.0.1"))) {
      bench.authority().close();

      Curl.Reply reply = Curl.run(TestNode.operations(node, "/ready"));

      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.body()).contains("authority-unreachable");
    }
  }

  @Test
  void isNotReadyWithoutItsPolicyFile() {
    Map<String, String> flags = new HashMap<>();
    flags.put("core.auth_api.type", "file");
    flags.put("core.auth_api.file.path", folder.resolve("missing.json").toString());
    try (NodeRunner node = bench.start(flags)) {
      Curl.Reply reply = Curl.run(TestNode.operations(node, "/ready"));

      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.body()).contains("authority-policy-unreadable");
    }
  }

  @Test
  void endsGracefullyInEveryState() throws Exception {
    NodeRunner settingUp = bench.start(Map.of());
    settingUp.close();
    settingUp.awaitEnd();
    assertThat(settingUp.state()).isInstanceOf(NodeState.Stopping.class);
    assertThat(Curl.run(bench.http("/health")).exit()).isEqualTo(7);

    NodeRunner serving = bench.start(Map.of("core.onboard.auto_bootstrap_domain", "127.0.0.1"));
    serving.close();
    serving.close();
    serving.awaitEnd();
    assertThat(serving.state()).isInstanceOf(NodeState.Stopping.class);
    assertThat(Curl.run("-k", bench.https("/health")).exit()).isEqualTo(7);
  }

  @Test
  void endsRefusedWhenItCannotServeAfterSetup() throws Exception {
    NodeRunner node = bench.start(Map.of());
    json(Curl.run("-d", "{\"domain\":\"127.0.0.1\"}", bench.http(BOOTSTRAP)));
    bench.withoutAgent();

    assertThat(Curl.run(bench.http("/finish")).body()).isEqualTo("OK");

    assertThatThrownBy(node::awaitEnd)
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith("Failed to reissue the attested KMS RPC certificate");
    assertThat(node.await(NodeState.Refused.class::isInstance, Duration.ofSeconds(1)))
        .isInstanceOf(NodeState.Refused.class);
  }

  @Test
  void renewsItsCertificateWhileItServes() throws Exception {
    try (NodeRunner node = bench.start(Map.of("core.onboard.auto_bootstrap_domain", "127.0.0.1"))) {
      String before = content("rpc.crt");

      node.renewCertificates();

      assertThat(content("rpc.crt")).isNotEqualTo(before);
      Path ca = bench.certs().resolve("root-ca.crt");
      assertThat(Curl.run("--cacert", ca.toString(), bench.https("/health")).body())
          .isEqualTo("OK");
    }
  }

  @Test
  void t20_refusesTheNextTrustedCallOnceTheAuthorityDeniesThisKms() {
    try (NodeRunner node = bench.start(Map.of("core.onboard.auto_bootstrap_domain", "127.0.0.1"))) {
      String temp = bench.https("/prpc/GetTempCaCert?json");
      assertThat(Curl.run("-k", temp).status()).isEqualTo(200);

      bench.authority().deny("revoked");

      for (String call :
          new String[] {
            "GetTempCaCert",
            "GetAppEnvEncryptPubKey",
            "GetAppKey",
            "GetAppKeySealed",
            "GetKmsKey",
            "SignCert"
          }) {
        Curl.Reply refused = Curl.run("-k", "-d", "{}", bench.https("/prpc/" + call + "?json"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body())
            .contains("KMS self authorization failed: KMS is not allowed: revoked");
      }
      assertThat(Curl.run("-k", bench.https(META)).status()).isEqualTo(200);

      bench.authority().allow();
      assertThat(Curl.run("-k", temp).status()).isEqualTo(200);
      assertThat(node.state()).isInstanceOf(NodeState.Ready.class);
    }
  }

  private String content(String file) throws IOException {
    return Files.readString(bench.certs().resolve(file));
  }

  private static JsonNode json(Curl.Reply reply) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return JSON.readTree(reply.body());
  }
}
