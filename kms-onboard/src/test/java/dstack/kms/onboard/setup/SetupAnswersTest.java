package dstack.kms.onboard.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.onboard.testing.Curl;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.metrics.NodeMetrics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the answers of the set-up listener say, to browsers and to the page. */
final class SetupAnswersTest {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-06-01T00:00:00Z"));
  private final NodeMetrics metrics = new NodeMetrics();
  private final RecordingNode node = new RecordingNode();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    Map<String, String> flags =
        Map.of("core.onboard.address", "127.0.0.1", "core.onboard.port", "0");
    Surroundings around = new Surroundings("", "v9", 8000, now::get, new SecureRandom());
    server =
        new SetupListener(node, metrics, around)
            .start(KmsConfig.load(ConfigSources.none().withFlags(flags)).onboard());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/setup/page.js",
        "/setup/page.css",
        "/setup/status",
        "/setup/preflight",
        "/health",
        "/finish",
        "/prpc/Onboard.GetAttestationInfo?json",
        "/prpc/None",
        "/none",
        "/setup/",
        "/setup/SetupPage.class"
      })
  void everyAnswerTellsABrowserToRunNothingElse(String path) {
    assertThat(Curl.run(url(path)).head())
        .containsIgnoringCase("content-security-policy: default-src 'none'; script-src 'self'")
        .containsIgnoringCase("frame-ancestors 'none'")
        .containsIgnoringCase("x-content-type-options: nosniff")
        .containsIgnoringCase("referrer-policy: no-referrer")
        .containsIgnoringCase("cache-control: no-store")
        .containsIgnoringCase("cross-origin-opener-policy: same-origin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "page.html",
        "page.css",
        "page.js",
        "dom.js",
        "api.js",
        "attestation.js",
        "preflight.js",
        "status.js"
      })
  void noFileOfThePageNamesAnotherHostOrBuildsMarkup(String name) {
    String text = PageFiles.text(name).replace("`https://${host}$", "");

    assertThat(text)
        .doesNotContain("http:", "https:", "innerHTML", "document.write", "eval(", "import(");
  }

  @Test
  void asksTheNodeOnceHoweverManyPagesLook() {
    for (int i = 0; i < 20; i++) {
      assertThat(Curl.run(url("/setup/preflight")).status()).isEqualTo(200);
    }
    assertThat(node.looks).hasValue(1);
    now.updateAndGet(instant -> instant.plusSeconds(3));
    Curl.run(url("/setup/preflight"));
    assertThat(node.looks).hasValue(2);
  }

  @Test
  void saysInTheStatusHowTheLastAttemptEnded() {
    Curl.run("-d", "{\"domain\":\"refuse.me\"}", url("/prpc/Onboard.Bootstrap?json"));

    assertThat(Curl.run(url("/setup/status")).body())
        .contains(
            "\"state\":\"setting-up\"",
            "\"complete\":false",
            "\"identity\":null",
            "\"domain\":null")
        .contains("\"kind\":\"bootstrap\",\"state\":\"failed\"", "\"id\":\"checking\"")
        .contains("\"error\":\"KMS is not allowed to bootstrap: boot denied: </script>");
  }

  @Test
  void t44_tenThousandNamesAddNoSeries() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      ask(client, 0);
      long before = metrics.text().lines().count();
      for (int i = 1; i <= 10_000 / 4; i++) {
        ask(client, i);
      }
      assertThat(metrics.text().lines().count()).isEqualTo(before);
    }
  }

  private void ask(HttpClient client, int i) throws Exception {
    for (String path : List.of("/" + i, "/prpc/M" + i, "/setup/" + i, "/finish?app=" + i)) {
      client.send(
          HttpRequest.newBuilder(URI.create(url(path))).build(),
          HttpResponse.BodyHandlers.discarding());
    }
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.port() + path;
  }
}
