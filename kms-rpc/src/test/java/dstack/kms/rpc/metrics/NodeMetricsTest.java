package dstack.kms.rpc.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bootinfo.BootInfoRefusal;
import dstack.kms.rpc.http.Curl;
import dstack.kms.rpc.http.ErrorReplies;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.HttpRoutes;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import dstack.kms.rpc.http.Route;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Specification 04 §10. */
final class NodeMetricsTest {
  private static final String ORIGINAL =
      """
      # HELP dstack_kms_attestation_requests_total Total number of KMS attestation requests.
      # TYPE dstack_kms_attestation_requests_total counter
      dstack_kms_attestation_requests_total %d
      # HELP dstack_kms_attestation_failures_total Total number of failed KMS attestation requests.
      # TYPE dstack_kms_attestation_failures_total counter
      dstack_kms_attestation_failures_total %d
      """;

  private final NodeMetrics metrics = new NodeMetrics();

  @Test
  void startsWithTheTwoSeriesOfTheOriginal() {
    assertThat(metrics.text()).startsWith(ORIGINAL.formatted(0, 0)).endsWith("\n");
  }

  @Test
  void tellsEverybodyTheTwoSeriesOfTheOriginalAlone() throws IOException {
    metrics.gauge("kms_weakening", "Settings weaker than the default.", () -> 1.0);
    metrics.refused("GetAppKey", BootInfoRefusal.APP_ID_LENGTH);
    try (HttpServer server = listening((_, _) -> new Route.Immediate(metrics.publicReply()))) {
      assertThat(call(server, "/metrics", "GET")).isEqualTo(ORIGINAL.formatted(0, 0));
    }
  }

  @Test
  void countsByPathWhateverTheMethodAndAlsoWhatNoHandlerTook() throws IOException {
    try (HttpServer server = server()) {
      call(server, "/prpc/GetAppKey", "GET");
      call(server, "/prpc/KMS.KMS.SignCert", "POST");
      call(server, "/prpc/GetKmsKey", "DELETE");
      call(server, "/prpc/GetMeta", "POST");
      call(server, "/prpc/Onboard.GetAppKey", "POST");
      call(server, "/prpc/GetAppKey/", "POST");
    }
    assertThat(metrics.text()).startsWith(ORIGINAL.formatted(3, 2));
  }

  @Test
  void t44_tenThousandAppIdsAddNoSeries() {
    long before = series();
    for (int i = 0; i < 10_000; i++) {
      metrics.refused("GetAppKey", BootInfoRefusal.APP_ID_LENGTH);
    }
    assertThat(series()).isEqualTo(before + 1);
    assertThat(metrics.text())
        .contains("kms_refusals_total{method=\"GetAppKey\",code=\"app-id-length\"} 10000\n");
  }

  @Test
  void t44_aLabelWithoutBoundEndsInOther() {
    Counters counters = new Counters("x_total", "X.", "label");
    for (int i = 0; i < 10_000; i++) {
      counters.increment("value " + i);
    }
    PrometheusText text = new PrometheusText();
    counters.writeTo(text);
    assertThat(text.toString().lines().filter(line -> line.startsWith("x_total")))
        .hasSize(Counters.CAPACITY + 1)
        .contains("x_total{label=\"other\"} " + (10_000 - Counters.CAPACITY));
  }

  @Test
  void writesGaugesWithEscapedLabels() {
    metrics.gauge("kms_one", "One.", () -> 1.5);
    metrics.gauge("kms_two", "Two.", "name", () -> Map.of("a\"b\\c", 2.0));
    assertThat(metrics.text())
        .contains("# TYPE kms_one gauge\nkms_one 1.5\n")
        .contains("kms_two{name=\"a\\\"b\\\\c\"} 2\n");
  }

  private long series() {
    return metrics.text().lines().filter(line -> !line.startsWith("#")).count();
  }

  private HttpServer server() throws IOException {
    return listening(
        (head, _) ->
            head.path().equals("/prpc/GetAppKey")
                ? new Route.Handled(
                    "GetAppKey", 10, _ -> HttpReply.text(200, "keys"), ErrorReplies.PLAIN)
                : new Route.Immediate(HttpReply.notFound()));
  }

  private HttpServer listening(HttpRoutes routes) throws IOException {
    return HttpServer.start(
        Listener.plain("main", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), routes)
            .observedBy(metrics.listener("main")));
  }

  private static String call(HttpServer server, String path, String verb) {
    return Curl.run("-X", verb, "http://127.0.0.1:" + server.port() + path);
  }
}
