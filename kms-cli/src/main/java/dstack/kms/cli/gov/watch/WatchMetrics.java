package dstack.kms.cli.gov.watch;

import com.sun.net.httpserver.HttpServer;
import dstack.kms.chain.watch.Concern;
import dstack.kms.chain.watch.Scan;
import dstack.kms.core.annotation.Permitted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Figures of a watcher in Prometheus's text form. Safe for use by several threads. */
@Permitted("module jdk.httpserver is a documented part of every JDK")
final class WatchMetrics {
  private final Map<Concern, LongAdder> events = new EnumMap<>(Concern.class);
  private final LongAdder failures = new LongAdder();
  private final LongAdder reorganisations = new LongAdder();
  private final LongAdder lostAlerts = new LongAdder();
  private final AtomicLong head = new AtomicLong();
  private final AtomicLong block = new AtomicLong();
  private final AtomicLong seconds = new AtomicLong();

  WatchMetrics() {
    for (Concern concern : Concern.values()) {
      events.put(concern, new LongAdder());
    }
  }

  void scanned(Scan scan, Instant now) {
    scan.readings().forEach(reading -> adder(reading.concern()).increment());
    if (scan.replacedFrom().isPresent()) {
      reorganisations.increment();
    }
    head.set(scan.head());
    block.set(scan.state().next() - 1);
    seconds.set(now.getEpochSecond());
  }

  private LongAdder adder(Concern concern) {
    LongAdder adder = events.get(concern);
    return adder == null ? new LongAdder() : adder;
  }

  void failed() {
    failures.increment();
  }

  void alertLost() {
    lostAlerts.increment();
  }

  String text() {
    StringBuilder text = new StringBuilder();
    text.append("# TYPE kms_gov_watch_events_total counter\n");
    events.forEach(
        (concern, count) ->
            text.append("kms_gov_watch_events_total{concern=\"")
                .append(concern.word())
                .append("\"} ")
                .append(count.sum())
                .append('\n'));
    line(text, "kms_gov_watch_failures_total", "counter", failures.sum());
    line(text, "kms_gov_watch_reorganisations_total", "counter", reorganisations.sum());
    line(text, "kms_gov_watch_alerts_lost_total", "counter", lostAlerts.sum());
    line(text, "kms_gov_watch_head_block", "gauge", head.get());
    line(text, "kms_gov_watch_block", "gauge", block.get());
    line(text, "kms_gov_watch_last_success_seconds", "gauge", seconds.get());
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String type, long value) {
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    text.append(name).append(' ').append(value).append('\n');
  }

  /** Something that is stopped. */
  @FunctionalInterface
  interface Serving {
    void stop();
  }

  /** Serves them at {@code /metrics} until stopped. */
  Serving serve(InetSocketAddress address) {
    try {
      HttpServer server = HttpServer.create(address, 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext(
          "/metrics",
          exchange -> {
            byte[] body = text().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      server.start();
      return () -> server.stop(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
