package dstack.kms.cli.gov;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dstack.kms.cli.Run;
import dstack.kms.testkit.Anvil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A watcher that runs for long: alerts, figures, outages, restarts. */
final class GovWatchCommandTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir Path dir;
  private final BlockingQueue<String> alerts = new LinkedBlockingQueue<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private final AtomicBoolean down = new AtomicBoolean();
  private final AtomicInteger failed = new AtomicInteger();
  private ChainWithSafe chain;
  private String kms;
  private HttpServer webhook;
  private HttpServer proxy;

  @BeforeEach
  void start() throws IOException {
    chain = ChainWithSafe.start();
    kms = ChainWithSafe.named("kms", chain.gov("deploy", "--model", "a", "--key-env", "DEPLOYER"));
    webhook = HttpServer.create(ANY, 0);
    webhook.createContext("/", this::alert);
    webhook.start();
    proxy = HttpServer.create(ANY, 0);
    proxy.createContext("/", this::pass);
    proxy.start();
  }

  @AfterEach
  void stop() {
    webhook.stop(0);
    proxy.stop(0);
    chain.close();
  }

  private void alert(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    boolean refuse = refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    exchange.sendResponseHeaders(refuse ? 500 : 204, -1);
    exchange.close();
    if (!refuse) {
      alerts.add(body);
    }
  }

  /** Passes on to the chain, unless it is down. */
  private void pass(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (down.get()) {
      failed.incrementAndGet();
      exchange.sendResponseHeaders(503, -1);
      exchange.close();
      return;
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(chain.url()))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofByteArray(body))
              .build();
      byte[] answer = client.send(request, BodyHandlers.ofByteArray()).body();
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  private void allow(String image) {
    chain.rpc(
        "eth_sendTransaction",
        Map.of("from", Anvil.FIRST_ACCOUNT, "to", kms, "data", "0x06a3ae96" + image.repeat(64)));
  }

  private String alertAbout(String event) throws InterruptedException {
    String alert = alerts.poll(60, TimeUnit.SECONDS);
    while (alert != null && !alert.contains('"' + event + '"')) {
      alert = alerts.poll(60, TimeUnit.SECONDS);
    }
    return String.valueOf(alert);
  }

  @Test
  void alertsThroughRefusalsAndOutagesAndShowsFigures() throws Exception {
    int port = freePort();
    AtomicReference<Run> ended = new AtomicReference<>();
    Thread watcher =
        Thread.ofPlatform()
            .start(
                () ->
                    ended.set(
                        Run.of(
                            "gov",
                            "watch",
                            "--rpc-url",
                            "http://127.0.0.1:" + proxy.getAddress().getPort(),
                            "--kms",
                            kms,
                            "--from",
                            "0",
                            "--interval",
                            "1",
                            "--state",
                            dir.resolve("state.json").toString(),
                            "--webhook",
                            "http://127.0.0.1:" + webhook.getAddress().getPort() + "/",
                            "--metrics",
                            "127.0.0.1:" + port)));
    assertThat(alertAbout("OwnershipTransferred")).contains("\"concern\":\"ownership\"");

    refusals.set(2);
    allow("1");
    assertThat(alertAbout("OsImageHashAdded")).contains("1".repeat(64));

    down.set(true);
    allow("2");
    while (failed.get() < 2) {
      Thread.onSpinWait();
    }
    down.set(false);
    assertThat(alertAbout("OsImageHashAdded")).contains("2".repeat(64));

    assertThat(figures(port))
        .contains("kms_gov_watch_events_total{concern=\"policy\"}")
        .contains("kms_gov_watch_alerts_lost_total 0")
        .doesNotContain("kms_gov_watch_failures_total 0");
    watcher.interrupt();
    watcher.join(TimeUnit.SECONDS.toMillis(60));
    assertThat(ended.get().err()).contains("not read:");
  }

  private static String figures(int port) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI url = URI.create("http://127.0.0.1:" + port + "/metrics");
      return client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString()).body();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void refusesAStateFileOfOtherContracts() {
    String state = dir.resolve("other.json").toString();
    Run first = chain.gov("watch", "--once", "--kms", kms, "--from", "0", "--state", state);
    assertThat(first.status()).as(first.err()).isZero();
    Run other =
        chain.gov("watch", "--once", "--kms", ChainWithSafe.OWNERS.get(0), "--state", state);
    assertThat(other.status()).isEqualTo(1);
    assertThat(other.err()).contains("is about other contracts");
  }
}
