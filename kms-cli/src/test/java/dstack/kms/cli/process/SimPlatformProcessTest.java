package dstack.kms.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.process.Distribution.Ended;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class SimPlatformProcessTest {
  private final List<Process> started = new ArrayList<>();

  @TempDir private Path folder;

  @AfterEach
  void stopWhatStillRuns() {
    started.forEach(Process::destroyForcibly);
  }

  private Process start() throws IOException {
    Process process =
        new ProcessBuilder(
                Distribution.FOLDER.resolve("bin/kms").toString(),
                "sim",
                "platform",
                "--dir",
                folder.toString(),
                "--pccs-port",
                "0")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    started.add(process);
    return process;
  }

  private static List<String> linesUntilReady(Process process) throws IOException {
    List<String> lines = new ArrayList<>();
    BufferedReader reader = process.inputReader();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      lines.add(line);
      if (line.equals("ready")) {
        return lines;
      }
    }
    throw new AssertionError("ended before it was ready: " + lines);
  }

  private static String value(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name + ": "))
        .map(line -> line.substring(name.length() + 2))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void servesAgentAndCollateralUntilItIsAskedToStop() throws Exception {
    Process process = start();
    List<String> lines = linesUntilReady(process);

    String url = value(lines, "collateral") + "/tdx/certification/v4/qe/identity?update=standard";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(30)).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }
    Path socket = Path.of(value(lines, "guest agent").substring("unix:".length()));
    assertThat(Files.exists(socket)).isTrue();
    Ended config = Distribution.kms("sim", "config", "--dir", folder.toString());
    assertThat(config.out()).contains(value(lines, "collateral")).contains(socket.toString());

    process.destroy();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(128 + 15);
    assertThat(Files.exists(socket)).isFalse();
  }

  @Test
  void saysInOneSentenceThatThePortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      Ended ended =
          Distribution.kms(
              "sim",
              "platform",
              "--dir",
              folder.toString(),
              "--pccs-port",
              String.valueOf(taken.getLocalPort()));

      assertThat(ended.status()).isEqualTo(1);
      assertThat(ended.err())
          .startsWith("kms: cannot listen at 127.0.0.1:" + taken.getLocalPort())
          .doesNotContain("\tat ");
    }
  }
}
