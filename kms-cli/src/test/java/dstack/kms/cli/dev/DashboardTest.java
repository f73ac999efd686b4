package dstack.kms.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.deploy.Prometheus;
import dstack.kms.cli.deploy.Prometheus.Said;
import dstack.kms.core.authority.Authorities;
import dstack.kms.onboard.node.NodeContext;
import dstack.kms.rpc.tls.TlsDefaults;
import dstack.kms.sim.platform.PlatformKind;
import dstack.kms.testkit.ProjectRoot;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real Prometheus scrapes a real server and answers every query of the shipped dashboard. */
@Timeout(180)
final class DashboardTest {
  private static final Path SHIPPED = ProjectRoot.path().resolve("deploy/dashboards/kms.json");
  private static final Pattern NAME = Pattern.compile("\\b(?:dstack_)?kms_[a-z_]+\\b");

  @TempDir private Path folder;

  private static List<String> queries() throws IOException {
    return JsonMapper.shared()
        .readTree(Files.readString(SHIPPED))
        .get("panels")
        .valueStream()
        .flatMap(panel -> panel.path("targets").valueStream())
        .map(target -> target.get("expr").asString())
        .map(DashboardTest::filledIn)
        .toList();
  }

  /** As Grafana fills in its variables. */
  private static String filledIn(String expression) {
    return expression
        .replace("$__rate_interval", "1m")
        .replace("$job", "kms")
        .replace("$instance", ".+");
  }

  private static String get(String url) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  @Test
  void asksNothingThatPrometheusCannotAnswerOfARunningServer() throws Exception {
    TlsDefaults.apply();
    SecureRandom random = new SecureRandom();
    InstantSource clock = InstantSource.system();
    NodeContext context = new NodeContext(clock, random, "0.1.0", "v0.1.0", Authorities::of);
    DevClock time = new DevClock(clock, random);
    StringWriter found = new StringWriter();
    try (DevHost host = DevHost.start(folder, PlatformKind.TDX, time);
        DevFleet fleet = DevFleet.start(host, 1, 0, Map.of(), context)) {
      String operations = fleet.first().operations().orElseThrow();
      try (Prometheus prometheus =
          Prometheus.scraping(folder, URI.create(operations).getAuthority())) {
        prometheus.await("up{job=\"kms\"} == 1");
        DevCheck traffic = new DevCheck(host, fleet.first().port(), time);
        traffic.run(new Findings(new PrintWriter(found)));
        // A series that begins with its first refusal has no rate before the second.
        prometheus.await("kms_refusals_total > 0");
        traffic.run(new Findings(new PrintWriter(found)));
        prometheus.await("rate(kms_refusals_total[1m]) > 0");
        prometheus.await("rate(kms_releases_total{kind=\"app-key\"}[1m]) > 0");

        List<String> names = prometheus.names();
        for (String query : queries()) {
          requireAnswer(prometheus, query);
          assertThat(NAME.matcher(query).results().map(name -> name.group()))
              .allMatch(name -> names.contains(name) || isOfAChainAndNamed(name));
        }
        Said lint = Prometheus.promtool(get(operations + "/metrics"), "check", "metrics");
        assertThat(lint.status()).as(lint.text()).isZero();
      }
    }
  }

  /** This server's authority reads no chain; what such metrics are called says the reference. */
  private static boolean isOfAChainAndNamed(String name) {
    return name.startsWith("kms_chain_endpoint_") && reference().contains("| `" + name + "` |");
  }

  private static String reference() {
    try {
      return Files.readString(ProjectRoot.path().resolve("docs/reference/metrics.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void requireAnswer(Prometheus prometheus, String query) {
    JsonNode answer = prometheus.query(query);
    assertThat(answer.path("status").asString()).as(query + " " + answer).isEqualTo("success");
    assertThat(answer.at("/data/result").isEmpty()).as("nothing for " + query).isFalse();
  }

  @Test
  void hasATitleAndAnExplanationOnEveryPanel() throws IOException {
    List<JsonNode> panels =
        JsonMapper.shared()
            .readTree(Files.readString(SHIPPED))
            .get("panels")
            .valueStream()
            .filter(panel -> !panel.get("type").asString().equals("row"))
            .toList();
    assertThat(panels)
        .hasSizeGreaterThan(15)
        .allSatisfy(
            panel -> {
              assertThat(panel.get("title").asString()).isNotBlank();
              assertThat(panel.get("description").asString()).endsWith(".");
            });
  }
}
