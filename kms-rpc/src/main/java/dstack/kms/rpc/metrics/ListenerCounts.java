package dstack.kms.rpc.metrics;

import dstack.kms.rpc.http.HttpObserver;
import dstack.kms.rpc.http.RequestHead;
import dstack.kms.rpc.stage.Stage;
import dstack.kms.rpc.stage.StageObserver;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** What the listeners of a node count, each under its name. */
final class ListenerCounts {
  private final ConcurrentMap<String, Observer> listeners = new ConcurrentSkipListMap<>();
  private final ReleaseCounters releases = new ReleaseCounters();
  private final StageObserver stages;
  private final Counters requests =
      new Counters(
          "kms_requests_total",
          "Answers by listener, method and outcome.",
          "listener",
          "method",
          "outcome");
  private final Histogram durations =
      new Histogram(
          "kms_request_duration_seconds",
          "Time from the head of a request to its answer.",
          "listener",
          "method");
  private final Counters turnedAway =
      new Counters(
          "kms_turned_away_total",
          "Requests and connections turned away by listener and reason.",
          "listener",
          "reason");

  /**
   * @param stages is told of handshakes and answers
   */
  ListenerCounts(StageObserver stages) {
    this.stages = stages;
  }

  /** The observer for the listener of that name; the same for every listener of one name. */
  HttpObserver listener(String name) {
    return listeners.computeIfAbsent(name, Observer::new);
  }

  /** The two series of the original. */
  List<Family> ofTheOriginal() {
    return List.of(releases);
  }

  /** Those of the original first. */
  List<Family> families() {
    return List.of(
        releases,
        requests,
        durations,
        turnedAway,
        gauge("kms_connections", "Open connections.", each -> each.open),
        gauge("kms_requests_running", "Requests that are being handled.", each -> each.running),
        gauge("kms_requests_waiting", "Requests that wait for a place.", each -> each.waiting));
  }

  private Gauge gauge(String name, String help, Function<Observer, AtomicLong> value) {
    return new Gauge(
        name,
        help,
        () -> {
          Map<Map<String, String>, Double> samples = new LinkedHashMap<>();
          listeners.forEach(
              (listener, each) ->
                  samples.put(Map.of("listener", listener), (double) value.apply(each).get()));
          return samples;
        });
  }

  private final class Observer implements HttpObserver {
    private final String name;
    private final AtomicLong open = new AtomicLong();
    private final AtomicLong running = new AtomicLong();
    private final AtomicLong waiting = new AtomicLong();

    Observer(String name) {
      this.name = name;
      for (String reason :
          List.of("overload", "deadline", "connections", "certificates", "handshake")) {
        turnedAway.add(0, name, reason);
      }
    }

    @Override
    public void answered(RequestHead head, String label, int status, Duration took) {
      releases.answered(head, status);
      String method = label.isEmpty() ? "none" : label;
      requests.increment(name, method, outcome(status));
      durations.observe(took, name, method);
      stages.answered(name, method, status, took);
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
    public void certificatesRefused() {
      turnedAway.increment(name, "certificates");
    }

    @Override
    public void connections(int change) {
      open.addAndGet(change);
    }

    @Override
    public void running(int change) {
      running.addAndGet(change);
    }

    @Override
    public void waiting(int change) {
      waiting.addAndGet(change);
    }

    @Override
    public void handshake(Duration took) {
      stages.took(Stage.HANDSHAKE, took);
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
