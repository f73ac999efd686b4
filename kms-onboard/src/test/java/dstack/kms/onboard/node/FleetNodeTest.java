package dstack.kms.onboard.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.testing.Curl;
import dstack.kms.onboard.testing.Eventually;
import dstack.kms.onboard.testing.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** A node that belongs to a fleet makes no keys of its own while the fleet has some. */
@Timeout(300)
class FleetNodeTest {
  private static final String BOOTSTRAP = "/prpc/Onboard.Bootstrap?json";
  private static final Map<String, String> SERVING =
      Map.of("core.onboard.auto_bootstrap_domain", "127.0.0.1");
  private static final String FOREIGN = "02" + "11".repeat(32);

  @TempDir Path folder;
  private TestNode bench;
  private TestNode peer;

  @BeforeEach
  void open() throws IOException {
    bench = TestNode.in(Files.createDirectory(folder.resolve("node")));
    peer = TestNode.in(Files.createDirectory(folder.resolve("peer")));
  }

  @AfterEach
  void close() throws IOException {
    bench.close();
    peer.close();
  }

  private Map<String, String> withPeer() {
    return Map.of("core.onboard.peers", peer.https(""), "core.onboard.domain", "127.0.0.1");
  }

  private Curl.Reply bootstrap() {
    return Curl.run("-d", "{\"domain\":\"127.0.0.1\"}", bench.http(BOOTSTRAP));
  }

  @Test
  void refusesToBootstrapWhileAPeerHasKeys() {
    try (NodeRunner _ = peer.start(SERVING);
        NodeRunner node = bench.start(withPeer())) {
      // The two machines have other roots, so that nothing is replicated between them.
      Curl.Reply reply = bootstrap();

      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.body()).contains("answers as a KMS that has keys");
      assertThat(node.state()).isInstanceOf(NodeState.SettingUp.class);
    }
  }

  @Test
  void bootstrapsOnAnOperatorsCallWhenNoPeerAnswers() {
    try (NodeRunner node = bench.start(withPeer())) {
      Eventually.holds(
          "the refusal of the peer",
          () -> Curl.run(TestNode.operations(node, "/ready")).body().contains(peer.https("")));
      assertThat(bootstrap().status()).isEqualTo(200);
    }
  }

  @Test
  void countsItsAttemptsForEachPeer() {
    try (NodeRunner node = bench.start(withPeer())) {
      Eventually.holds(
          "an attempt",
          () ->
              Curl.run(TestNode.operations(node, "/metrics"))
                  .body()
                  .contains("kms_peer_attempts_total{peer=\"" + peer.https("") + "\"} "));
      assertThat(node.state()).isInstanceOf(NodeState.SettingUp.class);
    }
  }

  @Test
  void refusesToBootstrapWhereAnIdentityIsConfigured() {
    try (NodeRunner _ = bench.start(Map.of("core.onboard.identity", FOREIGN))) {
      assertThat(bootstrap().body()).contains("core.onboard.identity names the keys of a fleet");
      assertThat(bench.certs().resolve("root-ca.key")).doesNotExist();
    }
  }

  @Test
  void refusesToServeKeysOfAnotherIdentity() {
    bench.start(SERVING).close();

    assertThatThrownBy(() -> bench.start(Map.of("core.onboard.identity", FOREIGN)))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("but core.onboard.identity is " + FOREIGN);
  }

  @Test
  void servesKeysOfTheIdentityThatIsConfigured() {
    bench.start(SERVING).close();
    String identity;
    try (NodeRunner _ = bench.start(Map.of())) {
      String meta = Curl.run("-k", bench.https("/prpc/GetMeta?json")).body();
      identity = JsonMapper.shared().readTree(meta).get("k256_pubkey").asString();
    }
    try (NodeRunner node = bench.start(Map.of("core.onboard.identity", identity))) {
      assertThat(node.state()).isInstanceOf(NodeState.Ready.class);
    }
  }
}
