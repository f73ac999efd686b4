package dstack.kms.rpc.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.config.TelemetryConfig;
import dstack.kms.rpc.http.Curl;
import dstack.kms.rpc.kms.TestNode;
import dstack.kms.rpc.metrics.NodeMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A node whose traces go to a receiver over a real socket. */
@Timeout(120)
final class TraceExportTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  @TempDir private Path folder;
  private TestNode node;
  private Collector collector;

  @BeforeEach
  void start() throws IOException {
    node = new TestNode(folder);
    collector = new Collector();
  }

  @AfterEach
  void stop() {
    node.close();
    collector.close();
  }

  private TraceExport export(Map<String, String> more) {
    Map<String, String> flags = new java.util.HashMap<>(more);
    flags.putIfAbsent("core.telemetry.otlp_endpoint", collector.url());
    TelemetryConfig config = KmsConfig.load(ConfigSources.none().withFlags(flags)).telemetry();
    return TraceExport.start(
            config, "v1", InstantSource.fixed(Instant.EPOCH), new SecureRandom(), node.metrics)
        .orElseThrow();
  }

  private void call(String... headers) {
    String[] arguments = new String[headers.length + 2];
    arguments[0] = "-k";
    System.arraycopy(headers, 0, arguments, 1, headers.length);
    arguments[headers.length + 1] =
        node.url("/prpc/GetAppEnvEncryptPubKey?app_id=" + "11".repeat(20));
    Curl.run(arguments);
  }

  private double outcome(String name) {
    String prefix = "kms_trace_spans_total{outcome=\"" + name + "\"} ";
    return node.metrics
        .text()
        .lines()
        .filter(line -> line.startsWith(prefix))
        .mapToDouble(line -> Double.parseDouble(line.substring(prefix.length())))
        .sum();
  }

  private void awaitOutcome(String name, int atLeast) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (outcome(name) < atLeast) {
      assertThat(System.nanoTime()).as("never: " + name).isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  @Test
  void sendsARequestWithItsStagesUnderTheSpanOfItsCaller() {
    try (TraceExport _ = export(Map.of())) {
      call("-H", "traceparent: 00-" + TRACE + "-00f067aa0ba902b7-01");

      JsonNode request = collector.await(span -> span.get("kind").intValue() == 2);
      assertThat(request.get("name").asString()).isEqualTo("GetAppEnvEncryptPubKey");
      assertThat(request.get("traceId").asString()).isEqualTo(TRACE);
      assertThat(request.get("parentSpanId").asString()).isEqualTo("00f067aa0ba902b7");
      assertThat(request.get("attributes").toString())
          .contains("http.response.status_code", "200", "main")
          .doesNotContain("1111");
      JsonNode derive = collector.await(span -> span.get("name").asString().equals("derive"));
      assertThat(derive.get("traceId").asString()).isEqualTo(TRACE);
      assertThat(derive.get("parentSpanId")).isEqualTo(request.get("spanId"));
      awaitOutcome("sent", 4);
    }
    assertThat(collector.wrong()).isEmpty();
  }

  @Test
  void sendsWhatIsQueuedBeforeItEnds() {
    try (TraceExport _ = export(Map.of())) {
      call();
    }
    assertThat(collector.spans())
        .extracting(span -> span.get("name").asString())
        .contains("decode", "derive", "encode", "GetAppEnvEncryptPubKey");
  }

  @Test
  void dropsAndCountsWhatTheQueueCannotHoldAndHoldsNoRequestUp() {
    CountDownLatch closed = new CountDownLatch(1);
    collector.gate = closed;
    try (TraceExport _ = export(Map.of("core.telemetry.queue", "2"))) {
      for (int i = 0; i < 5; i++) {
        call();
      }
      awaitOutcome("dropped", 5);
      closed.countDown();
    }
  }

  @Test
  void countsWhatTheCollectorDoesNotTakeAndGoesOn() {
    collector.status = 503;
    try (TraceExport _ = export(Map.of())) {
      call();
      awaitOutcome("failed", 1);
      collector.status = 200;
      call();
      awaitOutcome("sent", 1);
    }
  }

  @Test
  void goesOnAfterAnAnswerWhoseLengthIsNoNumber() {
    collector.answersWithNoLength = true;
    try (TraceExport _ = export(Map.of())) {
      call();
      awaitOutcome("failed", 1);
      collector.answersWithNoLength = false;
      call();
      awaitOutcome("sent", 1);
    }
  }

  @Test
  void countsWhatNobodyListensFor() {
    try (TraceExport _ = export(Map.of("core.telemetry.otlp_endpoint", "http://127.0.0.1:1"))) {
      call();
      awaitOutcome("failed", 1);
    }
  }

  @Test
  void isOffByDefault() {
    TelemetryConfig config = KmsConfig.load(ConfigSources.none()).telemetry();
    NodeMetrics metrics = new NodeMetrics();
    assertThat(TraceExport.start(config, "v1", InstantSource.system(), new SecureRandom(), metrics))
        .isEmpty();
    assertThat(metrics.text()).doesNotContain("kms_trace_spans_total");
  }
}
