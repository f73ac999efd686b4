package dstack.kms.rpc.metrics;

import dstack.kms.core.audit.AuditKind;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.rpc.http.HttpObserver;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.ReplyBody;
import dstack.kms.rpc.kms.ReleaseWatch;
import dstack.kms.rpc.limit.Limit;
import dstack.kms.rpc.limit.LimitObserver;
import dstack.kms.rpc.prpc.RefusalObserver;
import dstack.kms.rpc.stage.Stage;
import dstack.kms.rpc.stage.StageObserver;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Everything that one node counts; listeners and services report to it. Reading never blocks.
 *
 * <p>The two series of the original stand first, exactly as it writes them; ours follow.
 */
public final class NodeMetrics implements RefusalObserver, ReleaseWatch, LimitObserver {
  private final ListenerCounts listeners = new ListenerCounts(this);
  private final Releases releases;
  private final Counters refusals =
      new Counters("kms_refusals_total", "Refusals by method and stable code.", "method", "code");
  private final Counters limited =
      new Counters("kms_limited_total", "Requests that ran into a limit.", "limit");
  private final Counters overQuota =
      new Counters(
          "kms_releases_over_quota_total",
          "Releases to machines that got more than the alarm allows.",
          "platform");
  private final Histogram stages =
      new Histogram("kms_stage_duration_seconds", "Time that each stage took.", "stage");
  private final List<Family> families = new CopyOnWriteArrayList<>();
  private final List<StageObserver> others = new CopyOnWriteArrayList<>();

  /** Metrics by the system's clock. */
  public NodeMetrics() {
    this(InstantSource.system());
  }

  /** Metrics of a node by that clock, on which nothing was counted yet. */
  public NodeMetrics(InstantSource clock) {
    releases = new Releases(clock);
    for (Stage stage : Stage.values()) {
      stages.begin(stage.word());
    }
    for (Limit limit : Limit.values()) {
      limited.add(0, limit.word());
    }
    for (TeeVariant platform : TeeVariant.values()) {
      overQuota.add(0, platform.wireName());
    }
    families.addAll(listeners.families());
    families.addAll(List.of(refusals, stages, limited, overQuota));
    families.addAll(releases.families());
    families.addAll(ProcessMetrics.families(clock.instant()));
  }

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

  /**
   * Adds a gauge with samples of several labels; the values come from closed sets and reading must
   * not block.
   */
  public void gaugeOf(String name, String help, Supplier<Map<Map<String, String>, Double>> values) {
    families.add(new Gauge(name, help, values));
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

  /** From now on somebody else is told of stages and answers too. */
  public void alsoTell(StageObserver other) {
    others.add(other);
  }

  /** An observer for the listener of that name, which becomes a label. */
  public HttpObserver listener(String name) {
    return listeners.listener(name);
  }

  @Override
  public void refused(String method, RefusalCode code) {
    refusals.increment(method, code.code());
  }

  @Override
  public void released(AuditKind kind, BootInfo whom) {
    releases.released(kind, whom.teeVariant());
  }

  @Override
  public void limited(Limit which) {
    limited.increment(which.word());
  }

  @Override
  public void overQuota(TeeVariant platform) {
    overQuota.increment(platform.wireName());
  }

  @Override
  public void took(Stage stage, Duration took) {
    stages.observe(took, stage.word());
    others.forEach(other -> other.took(stage, took));
  }

  @Override
  public void answered(String listener, String method, int status, Duration took) {
    others.forEach(other -> other.answered(listener, method, status, took));
  }

  /** Everything as text. */
  public String text() {
    return text(families);
  }

  private static String text(List<Family> families) {
    PrometheusText text = new PrometheusText();
    families.forEach(family -> family.writeTo(text));
    return text.toString();
  }

  /** The answer of {@code GET /metrics} to operators. */
  public HttpReply reply() {
    return reply(text());
  }

  /**
   * The answer of {@code GET /metrics} to anybody: the two series of the original alone
   * (specification 04 §10). The others say where endpoints are, how old backups are and what is
   * weakened.
   */
  public HttpReply publicReply() {
    return reply(text(listeners.ofTheOriginal()));
  }

  private static HttpReply reply(String text) {
    return HttpReply.of(200, HttpReply.TEXT, ReplyBody.of(text));
  }
}
