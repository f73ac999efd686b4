package dstack.kms.cli.deploy;

import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real Prometheus on loopback, and its tool. */
public final class Prometheus implements AutoCloseable {
  private static final long LIMIT = TimeUnit.SECONDS.toNanos(60);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final int port;

  private Prometheus(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** What promtool said, and with which status. */
  public record Said(int status, String text) {}

  /** Runs promtool to its end, with this text as its standard input. */
  public static Said promtool(String input, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Tool.require("promtool").toString()));
    command.addAll(List.of(arguments));
    Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
    tool.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    tool.getOutputStream().close();
    String text = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(tool.waitFor(), text);
  }

  /** Scrapes that operations listener as the job {@code kms}, every second. */
  public static Prometheus scraping(Path folder, String target) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("prometheus.yaml"),
            """
            global:
              scrape_interval: 1s
            scrape_configs:
              - job_name: kms
                static_configs:
                  - targets: ["%s"]
            """
                .formatted(target));
    int port;
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = probe.getLocalPort();
    }
    Process process =
        new ProcessBuilder(
                Tool.require("prometheus").toString(),
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
    return new Prometheus(process, port);
  }

  /** Waits until the query has a result. */
  public void await(String query) {
    long end = System.nanoTime() + LIMIT;
    BooleanSupplier there = () -> answers() && !query(query).at("/data/result").isEmpty();
    while (!there.getAsBoolean()) {
      if (System.nanoTime() > end || !process.isAlive()) {
        throw new AssertionError("never: " + query);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  /** The answer to an instant query, errors included. */
  public JsonNode query(String query) {
    String encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);
    return JsonMapper.shared().readTree(get("/api/v1/query?query=" + encoded).body());
  }

  /** The names of all series that it has seen. */
  public List<String> names() {
    return JsonMapper.shared()
        .readTree(get("/api/v1/label/__name__/values").body())
        .get("data")
        .valueStream()
        .map(JsonNode::asString)
        .toList();
  }

  private boolean answers() {
    try {
      return get("/-/ready").statusCode() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private HttpResponse<String> get(String path) {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .timeout(Duration.ofSeconds(30))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    http.close();
  }
}
