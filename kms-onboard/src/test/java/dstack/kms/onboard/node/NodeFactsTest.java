package dstack.kms.onboard.node;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.onboard.testing.Curl;
import dstack.kms.onboard.testing.Openssl;
import dstack.kms.onboard.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a real node answers to {@code /status}, compared with what openssl and GetMeta say. */
final class NodeFactsTest {
  private static final Map<String, String> SERVING =
      Map.of("core.onboard.auto_bootstrap_domain", "127.0.0.1");

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

  private static JsonNode status(NodeRunner node) {
    Curl.Reply reply = Curl.run(TestNode.operations(node, "/status"));
    assertThat(reply.status()).isEqualTo(200);
    return JsonMapper.shared().readTree(reply.body());
  }

  @Test
  void namesTheIdentityThatGetMetaAndTheFilesHave() {
    try (NodeRunner node = bench.start(SERVING)) {
      JsonNode status = status(node);

      JsonNode meta =
          JsonMapper.shared().readTree(Curl.run("-k", bench.https("/prpc/GetMeta?json")).body());
      assertThat(status.at("/identity/k256_pubkey")).isEqualTo(meta.get("k256_pubkey"));
      assertThat(status.at("/identity/epoch").asInt()).isZero();
      for (String name : new String[] {"root_ca:root-ca", "temp_ca:tmp-ca", "rpc:rpc"}) {
        String file = bench.certs().resolve(name.split(":", -1)[1] + ".crt").toString();
        String sha256 =
            Openssl.run("x509", "-in", file, "-noout", "-fingerprint", "-sha256")
                .replaceAll("(?s).*=|[:\\s]", "")
                .toLowerCase(Locale.ROOT);
        assertThat(status.at("/certificates/" + name.split(":", -1)[0] + "/sha256").asString())
            .isEqualTo(sha256);
      }
      assertThat(status.at("/identity/key_provider_id").asString()).startsWith("3059301306");
    }
  }

  @Test
  void namesTheAuthorityAndTheTime() {
    try (NodeRunner node = bench.start(SERVING)) {
      Instant before = Instant.now();
      JsonNode status = status(node);

      assertThat(status.at("/authority/kind").asString()).isEqualTo("webhook");
      assertThat(status.at("/authority/chain_id").asLong()).isEqualTo(8453);
      assertThat(status.at("/authority/contract").asString()).isEqualTo("0x1234");
      assertThat(status.at("/authority").has("block")).isFalse();
      assertThat(Instant.parse(status.get("clock").asString())).isBetween(before, Instant.now());
      assertThat(status.get("version").asString()).isEqualTo("v9.9.9 (git:0123456789abcdef0123)");
    }
  }

  @Test
  void hasNoIdentityWhileItIsSetUp() {
    try (NodeRunner node = bench.start(Map.of())) {
      JsonNode status = status(node);

      assertThat(status.get("state").asString()).isEqualTo("setting-up");
      assertThat(status.get("ready").asBoolean()).isFalse();
      assertThat(status.has("identity")).isFalse();
      assertThat(status.has("certificates")).isFalse();
    }
  }

  @Test
  void answersWithoutTheAuthorityToo() {
    try (NodeRunner node = bench.start(SERVING)) {
      bench.authority().close();

      JsonNode status = status(node);

      assertThat(status.at("/authority/kind").asString()).isEqualTo("webhook");
      assertThat(status.at("/authority").has("chain_id")).isFalse();
      assertThat(status.has("identity")).isTrue();
    }
  }
}
