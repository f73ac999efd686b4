package dstack.kms.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dstack.kms.testkit.ProjectRoot;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code deploy/nitro/run-enclave} lets an enclave reach, by either of its proxies. */
@Timeout(120)
final class EnclaveProxyTest {
  private static final String RUN_ENCLAVE =
      ProjectRoot.path().resolve("deploy/nitro/run-enclave").toString();

  /** Describes an image, and runs one for as long as the proxy stays up. */
  private static final String NITRO_CLI =
      """
      #!/bin/sh
      for i in 0 1 2; do printf '"PCR%s":"%096d"\\n' $i 7; done | paste -sd , | sed 's/.*/{&}/'
      """;

  @TempDir private Path folder;
  private HttpServer kms;
  private HttpServer other;
  private int proxyPort;

  @BeforeEach
  void start() throws IOException {
    List.of("jq", "curl", "socat").forEach(Tool::require);
    kms = serve();
    other = serve();
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      proxyPort = free.getLocalPort();
    }
    Path stub = Files.writeString(folder.resolve("nitro-cli"), NITRO_CLI);
    Files.setPosixFilePermissions(stub, PosixFilePermissions.fromString("rwx------"));
  }

  @AfterEach
  void stop() {
    kms.stop(0);
    other.stop(0);
  }

  private static HttpServer serve() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private Process runEnclave(String program, String hosts) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(RUN_ENCLAVE, "image.eif").redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH",
                folder + ":" + System.getenv("PATH"),
                "HOSTS",
                hosts,
                "PORTS",
                kms.getAddress().getPort() + " 443",
                "PROXY_PORT",
                String.valueOf(proxyPort),
                "PROXY_PROGRAM",
                program));
    return builder.redirectOutput(folder.resolve("said").toFile()).start();
  }

  private record Asked(int status, String codes) {}

  /** Statuses of the tunnel and of the answer, 000 for none; waits for the proxy to listen. */
  private Asked ask(String... words) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("curl", "-s", "-o", "/dev/null", "--max-time", "20"));
    command.addAll(List.of("--retry", "40", "--retry-connrefused", "--retry-delay", "1"));
    command.addAll(List.of("-w", "%{http_connect} %{http_code}"));
    command.addAll(List.of("-x", "http://127.0.0.1:" + proxyPort));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).start();
    String codes = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Asked(process.waitFor(), codes);
  }

  private static String url(String host, HttpServer server) {
    return "http://" + host + ":" + server.getAddress().getPort() + "/";
  }

  @ParameterizedTest
  @ValueSource(strings = {"tinyproxy", "squid"})
  void letsThroughTheNamedHostsAtTheNamedPortsAndNothingElse(String program) throws Exception {
    Tool.require(program);
    Process running = runEnclave(program, "localhost kms.example");
    try {
      assertThat(ask("-p", url("localhost", kms)).codes()).as(() -> said()).isEqualTo("200 200");
      assertThat(ask("-p", url("localhost", other)).codes()).isEqualTo("403 000");
      assertThat(ask("-p", url("127.0.0.1", kms)).codes()).isEqualTo("403 000");
      assertThat(ask("-p", url("xlocalhost", kms)).codes()).isEqualTo("403 000");
      assertThat(ask("-p", url("a.localhost", kms)).codes()).isEqualTo("403 000");
      assertThat(ask(url("127.0.0.1", kms)).codes()).isEqualTo("000 403");
    } finally {
      running.destroy();
    }
    assertThat(running.waitFor(30, TimeUnit.SECONDS)).isTrue();
    try (ServerSocket free = new ServerSocket()) {
      free.setReuseAddress(true);
      free.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxyPort));
    }
  }

  private String said() {
    try {
      return Files.readString(folder.resolve("said"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void runsNothingBehindAProxyThatItDoesNotKnow() throws Exception {
    Process ended = runEnclave("nc", "localhost");
    assertThat(ended.waitFor()).isEqualTo(2);
    assertThat(said()).contains("PROXY_PROGRAM is neither tinyproxy nor squid: nc");
  }

  @Test
  void runsNothingThatMayReachEverybody() throws Exception {
    Process ended = runEnclave("tinyproxy", "");
    assertThat(ended.waitFor()).isNotZero();
    assertThat(said()).contains("the host names of the KMS");
  }
}
