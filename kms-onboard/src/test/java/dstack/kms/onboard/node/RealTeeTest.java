package dstack.kms.onboard.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dstack.kms.core.config.ConfigRefusal;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.testing.TestNode;
import dstack.kms.testkit.Vectors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A container on a real machine shows no TEE device; what its guest agent says does. */
@Timeout(120)
final class RealTeeTest {
  @TempDir private Path folder;
  private TestNode bench;
  private HttpServer agent;

  @BeforeEach
  void serve() throws IOException {
    bench = TestNode.in(folder);
    agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    agent.createContext("/", RealTeeTest::answer);
    agent.start();
  }

  @AfterEach
  void close() throws IOException {
    agent.stop(0);
    bench.close();
  }

  /** The evidence of a real TDX guest, as its agent would give it. */
  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String attestation = HexFormat.of().formatHex(Vectors.bytes("tdx/dstack_attestation_v0.bin"));
      byte[] body = ("{\"attestation\":\"" + attestation + "\"}").getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Map<String, String> onTheRealMachine(String key, String value) {
    return Map.of(
        "core.agent_address",
        "http://127.0.0.1:" + agent.getAddress().getPort(),
        "core.image.verify",
        "true",
        "core.attestation.insecure_allow_external_trust_anchors",
        "false",
        key,
        value);
  }

  @ParameterizedTest
  @CsvSource({
    "core.auth_api.type, dev",
    "core.attest_rpc_cert, false",
    "core.enforce_self_authorization, false",
    "core.audit.enabled, false",
    "core.backup.threshold, 2",
  })
  void t16_refusesEveryWeakeningOnARealMachine(String key, String value) {
    assertThatThrownBy(
            () ->
                bench
                    .startWithout(
                        Set.of("core.attestation.root_ca.tdx"), onTheRealMachine(key, value))
                    .close())
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ConfigRefusal.WEAKENING);
              assertThat(e.text()).startsWith(key).contains("refused on a real TEE");
            });
    assertThat(bench.certs().resolve("root-ca.key")).doesNotExist();
  }

  @Test
  void startsThereWithoutOne() throws Exception {
    Map<String, String> strict = onTheRealMachine("core.insecure_development", "true");
    try (NodeRunner node = bench.startWithout(Set.of("core.attestation.root_ca.tdx"), strict)) {
      assertThat(node.state()).isInstanceOf(NodeState.SettingUp.class);
    }
  }

  @Test
  void startsWithThemWhereNoAgentTells() throws Exception {
    bench.withoutAgent();
    try (NodeRunner node = bench.start(Map.of("core.auth_api.type", "dev"))) {
      assertThat(node.state()).isInstanceOf(NodeState.SettingUp.class);
    } finally {
      bench.withAgent();
    }
  }
}
