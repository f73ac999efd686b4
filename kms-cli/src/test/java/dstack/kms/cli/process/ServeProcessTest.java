package dstack.kms.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.process.Distribution.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server under each of its names, on an empty folder: it waits to be set up. */
@Timeout(180)
final class ServeProcessTest {
  @TempDir private Path folder;
  private int operations;
  private Path configuration;

  @BeforeEach
  void configure() throws IOException {
    operations = freePort();
    int setup = freePort();
    Files.createDirectory(folder.resolve("certs"));
    configuration =
        Files.writeString(
            folder.resolve("kms.toml"),
            """
            [rpc]
            address = "127.0.0.1"
            port = %d
            [rpc.tls]
            key = "%s/certs/rpc.key"
            certs = "%s/certs/rpc.crt"
            [core]
            cert_dir = "%s/certs"
            agent_address = "unix:%s/agent.sock"
            [core.image]
            cache_dir = "%s/images"
            [core.auth_api.webhook]
            url = "http://127.0.0.1:1"
            [core.onboard]
            address = "127.0.0.1"
            port = %d
            [core.operations]
            port = %d
            """
                .formatted(setup, folder, folder, folder, folder, folder, setup, operations));
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private void awaitLive(Running server) throws Exception {
    String live = "http://127.0.0.1:" + operations + "/live";
    Curl.Answer answer =
        Curl.get("--retry", "100", "--retry-connrefused", "--retry-max-time", "60", live);
    assertThat(answer.body()).as(server.errors()).isEqualTo("OK");
  }

  @ParameterizedTest
  @CsvSource({"kms, serve", "kms, ''", "dstack-kms, ''"})
  void servesUnderEachOfItsNamesAndIsNotReadyWithoutKeys(String script, String verb)
      throws Exception {
    String file = configuration.toString();
    String[] arguments =
        verb.isEmpty() ? new String[] {"-c", file} : new String[] {verb, "-c", file};
    try (Running server = Running.start(script, Map.of(), arguments)) {
      awaitLive(server);

      Ended status = Distribution.kms("status", "http://127.0.0.1:" + operations);
      assertThat(status.status()).as(status.out() + status.err()).isEqualTo(1);
      assertThat(status.out()).startsWith("not ready\n");
      assertThat(server.stop()).isZero();
    }
  }

  /** Signals are handled in their order: 129 would say that the first one ended it. */
  @Test
  void goesOnWithItsStartWhenItIsToReadItsConfigurationAnew() throws Exception {
    Path agent = folder.resolve("agent.sock");
    try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      silent.bind(UnixDomainSocketAddress.of(agent));
      Map<String, String> bootstrap = Map.of("KMS_CORE_ONBOARD_AUTO_BOOTSTRAP_DOMAIN", "localhost");
      try (Running server =
          Running.start("kms", bootstrap, "serve", "-c", configuration.toString())) {
        awaitLive(server);
        server.hangUp();
        assertThat(server.stop()).isEqualTo(143);
      }
    }
  }

  @Test
  void refusesToStartOnAnUnknownKeyInOneSentence() throws Exception {
    Files.writeString(configuration, "[core]\nsit_name = \"x\"\n");

    Ended ended = Distribution.kms("serve", "-c", configuration.toString());

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err())
        .isEqualTo(
            "kms: "
                + configuration
                + ":2: unknown key core.sit_name; the nearest known name is core.site_name\n");
  }

  @Test
  void refusesToStartOnAFileThatIsNotThere() throws Exception {
    Ended ended = Distribution.kms("-c", folder.resolve("none.toml").toString());

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err()).contains("none.toml does not exist").doesNotContain("\tat ");
  }

  @Test
  void saysInOneSentenceThatAPortIsTaken() throws Exception {
    try (ServerSocket _ = new ServerSocket(operations, 1, InetAddress.getLoopbackAddress())) {
      Ended ended = Distribution.kms("serve", "-c", configuration.toString());

      assertThat(ended.status()).isEqualTo(1);
      assertThat(ended.err()).containsPattern("(?m)^kms: .*" + operations).doesNotContain("\tat ");
    }
  }
}
