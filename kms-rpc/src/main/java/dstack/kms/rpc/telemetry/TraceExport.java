package dstack.kms.rpc.telemetry;

import dstack.kms.core.config.EndpointUrl;
import dstack.kms.core.config.TelemetryConfig;
import dstack.kms.core.trace.RequestScope;
import dstack.kms.rpc.metrics.NodeMetrics;
import dstack.kms.rpc.stage.Stage;
import dstack.kms.rpc.stage.StageObserver;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans of requests and their stages to a collector, in batches, on a thread of its own.
 *
 * <p>A batch that the collector does not take is dropped, not kept: the collector may be down for
 * long, and traces are no record.
 */
public final class TraceExport implements StageObserver, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TraceExport.class);
  private static final int BATCH = 512;
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final EndpointUrl collector;
  private final OtlpJson form;
  private final InstantSource clock;
  private final SecureRandom random;
  private final BlockingQueue<Span> queue;
  private final HttpClient http;
  private final Thread sender;
  private final LongAdder sent = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private volatile boolean closing;

  private TraceExport(
      TelemetryConfig config,
      EndpointUrl collector,
      String version,
      InstantSource clock,
      SecureRandom random) {
    this.collector = collector;
    this.clock = clock;
    this.random = random;
    form = new OtlpJson(config.serviceName(), version);
    queue = new ArrayBlockingQueue<>(config.queue());
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(3))
            .build();
    sender = Thread.ofVirtual().name("trace-export").unstarted(this::send);
  }

  /** Starts to export what these metrics are told of; empty where no collector is configured. */
  public static Optional<TraceExport> start(
      TelemetryConfig config,
      String version,
      InstantSource clock,
      SecureRandom random,
      NodeMetrics metrics) {
    return config
        .collector()
        .map(
            collector -> {
              TraceExport export = new TraceExport(config, collector, version, clock, random);
              export.sender.start();
              metrics.alsoTell(export);
              metrics.counter(
                  "kms_trace_spans_total",
                  "Spans by what became of them.",
                  "outcome",
                  export::tally);
              log.info("traces are sent to {}", collector.resolve("v1/traces"));
              return export;
            });
  }

  @Override
  public void took(Stage stage, Duration took) {
    RequestScope.current()
        .ifPresent(
            scope ->
                add(
                    new Span(
                        scope.trace().child(random),
                        stage.word(),
                        false,
                        clock.instant(),
                        took,
                        false,
                        Map.of())));
  }

  /** Scrapes and looks at the operations listener are nobody's trace. */
  @Override
  public void answered(String listener, String method, int status, Duration took) {
    if (listener.equals("operations")) {
      return;
    }
    Map<String, String> attributes =
        Map.of(
            "kms.listener", listener,
            "rpc.method", method,
            "http.response.status_code", String.valueOf(status));
    RequestScope.current()
        .ifPresent(
            scope ->
                add(
                    new Span(
                        scope.trace(),
                        method,
                        true,
                        clock.instant(),
                        took,
                        status >= 500,
                        attributes)));
  }

  private void add(Span span) {
    if (!queue.offer(span)) {
      dropped.increment();
    }
  }

  private Map<String, Double> tally() {
    return Map.of(
        "sent", (double) sent.sum(),
        "dropped", (double) dropped.sum(),
        "failed", (double) failed.sum());
  }

  private void send() {
    List<Span> batch = new ArrayList<>();
    while (!closing || !queue.isEmpty()) {
      try {
        collect(batch);
        if (!batch.isEmpty()) {
          post(batch);
        }
      } catch (InterruptedException e) {
        closing = true; // what is queued is still sent, once
      }
      batch.clear();
    }
  }

  /** Up to a batch, no later than a pause after its first span. */
  private void collect(List<Span> batch) throws InterruptedException {
    Span first = queue.poll(closing ? 0 : PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    if (first != null) {
      batch.add(first);
      queue.drainTo(batch, BATCH - 1);
    }
  }

  private void post(List<Span> batch) throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(collector.resolve("v1/traces"))
            .timeout(DEADLINE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(form.encode(batch)));
    collector.authorization().ifPresent(value -> request.header("Authorization", value));
    try {
      int status = http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
      boolean taken = status >= 200 && status < 300;
      (taken ? sent : failed).add(batch.size());
      if (!taken) {
        log.debug("the collector answered {}", status);
      }
    } catch (IOException | IllegalArgumentException e) {
      // The latter is what the JDK makes of a Content-Length that is no number.
      failed.add(batch.size());
      log.debug("the collector took no spans", e);
    }
  }

  /** Sends what is queued, for at most the deadline of one batch, and ends. */
  @Override
  public void close() {
    closing = true;
    try {
      if (!sender.join(DEADLINE)) {
        sender.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    http.shutdownNow();
  }
}
