package dstack.kms.rpc.metrics;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.rpc.http.HttpObserver;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.ReplyBody;
import dstack.kms.rpc.http.RequestHead;
import dstack.kms.rpc.prpc.RefusalObserver;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Everything that one node counts; listeners and services report to it. Reading never blocks.
 *
 * <p>The two series of the original stand first, exactly as it writes them; ours follow.
 */
public final class NodeMetrics implements RefusalObserver {

  private final ReleaseCounters releases = new ReleaseCounters();
  private final Counters requests =
      new Counters(
          "kms_requests_total",
          "Answers by listener, method and outcome.",
          "listener",
          "method",
          "outcome");
  private final Counters seconds =
      new Counters(
          "kms_request_seconds_total",
          "Seconds spent on answers by listener and method.",
          "listener",
          "method");
  private final Counters refusals =
      new Counters("kms_refusals_total", "Refusals by method and stable code.", "method", "code");
  private final Counters turnedAway =
      new Counters(
          "kms_turned_away_total",
          "Requests and connections turned away by listener and reason.",
          "listener",
          "reason");
  private final List<Family> families =
      new CopyOnWriteArrayList<>(List.of(releases, requests, seconds, refusals, turnedAway));

  /** Adds a gauge that is read each time; {@code value} must not block. */
  public void gauge(String name, String help, Supplier<Double> value) {
    families.add(new Gauge(name, help, () -> Map.of(Map.of(), value.get())));
  }

  /**
   * Adds a gauge with one sample for each value of one label; the values come from a closed set and
   * reading must not block.
   */
  public void gauge(String name, String help, String label, Supplier<Map<String, Double>> values) {
    families.add(new Gauge(name, help, () -> labelled(label, values.get())));
  }

  /** Adds a counter that is counted elsewhere and read each time, by one label of a closed set. */
  public void counter(
      String name, String help, String label, Supplier<Map<String, Double>> values) {
    families.add(new Tally(name, help, () -> labelled(label, values.get())));
  }

  /** The same without a label. */
  public void counter(String name, String help, Supplier<Double> value) {
    families.add(new Tally(name, help, () -> Map.of(Map.of(), value.get())));
  }

  private static Map<Map<String, String>, Double> labelled(
      String label, Map<String, Double> values) {
    Map<Map<String, String>, Double> samples = new LinkedHashMap<>();
    values.forEach((key, value) -> samples.put(Map.of(label, key), value));
    return samples;
  }

  /** An observer for the listener of that name, which becomes a label. */
  public HttpObserver listener(String name) {
    ListenerObserver observer = new ListenerObserver(name);
    families.add(
        new Gauge(
            "kms_connections_" + name,
            "Open connections of the listener " + name + ".",
            () -> Map.of(Map.of(), (double) observer.open.get())));
    return observer;
  }

  @Override
  public void refused(String method, RefusalCode code) {
    refusals.increment(method, code.code());
  }

  /** Everything as text. */
  public String text() {
    PrometheusText text = new PrometheusText();
    families.forEach(family -> family.writeTo(text));
    return text.toString();
  }

  /** The answer of {@code GET /metrics}. */
  public HttpReply reply() {
    return HttpReply.of(200, HttpReply.TEXT, ReplyBody.of(text()));
  }

  private final class ListenerObserver implements HttpObserver {
    private final String name;
    private final AtomicLong open = new AtomicLong();

    ListenerObserver(String name) {
      this.name = name;
    }

    @Override
    public void answered(RequestHead head, String label, int status, Duration took) {
      releases.answered(head, status);
      String method = label.isEmpty() ? "none" : label;
      requests.increment(name, method, outcome(status));
      seconds.add(took.toNanos() / 1e9, name, method);
    }

    @Override
    public void overloaded() {
      turnedAway.increment(name, "overload");
    }

    @Override
    public void deadlineMissed() {
      turnedAway.increment(name, "deadline");
    }

    @Override
    public void connectionRefused() {
      turnedAway.increment(name, "connections");
    }

    @Override
    public void connections(int change) {
      open.addAndGet(change);
    }

    @Override
    public void handshakeFailed() {
      turnedAway.increment(name, "handshake");
    }

    private static String outcome(int status) {
      return status < 400 ? "ok" : status < 500 ? "refused" : "failed";
    }
  }
}
