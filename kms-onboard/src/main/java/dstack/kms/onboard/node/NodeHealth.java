package dstack.kms.onboard.node;

import dstack.kms.core.audit.AuditHead;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.config.Weakening;
import dstack.kms.rpc.health.Readiness;
import dstack.kms.rpc.health.ReadyCheck;
import dstack.kms.rpc.health.ReadyCheck.Finding;
import dstack.kms.rpc.metrics.Advance;
import dstack.kms.rpc.metrics.ChainMetrics;
import dstack.kms.rpc.metrics.NodeMetrics;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What {@code /ready} and {@code /metrics} say about the node itself. */
final class NodeHealth {
  private final NodeMetrics metrics;
  private final List<Supplier<List<String>>> notes = new CopyOnWriteArrayList<>();
  private final Readiness readiness = new Readiness(this::allNotes);
  private final InstantSource clock;

  /**
   * @param clock tells how long things are valid
   * @param state of the node
   * @param config in use; another one may take over
   */
  NodeHealth(InstantSource clock, Supplier<NodeState> state, Supplier<KmsConfig> config) {
    this.clock = clock;
    metrics = new NodeMetrics(clock);
    notes.add(() -> weaknesses(config.get()));
    check("state", () -> state(state.get()));
    check("keys", () -> keys(state.get()));
    metrics.gauge(
        "kms_node_state", "The node's state.", "state", () -> Map.of(state.get().name(), 1.0));
    metrics.gauge("kms_epoch", "The generation of root keys.", () -> (double) config.get().epoch());
    metrics.gauge(
        "kms_weakening",
        "Settings weaker than the default.",
        "key",
        () ->
            config.get().weakenings().stream().collect(Collectors.toMap(Weakening::key, _ -> 1.0)));
    metrics.gaugeOf(
        "kms_plain_http_webhook",
        "Authorities asked over plain HTTP.",
        () -> InTheClear.of(config.get().authority()).samples());
  }

  NodeMetrics metrics() {
    return metrics;
  }

  Readiness readiness() {
    return readiness;
  }

  /** Adds sentences that do not make the node unready. */
  void note(Supplier<List<String>> more) {
    notes.add(more);
  }

  /** Adds something that must hold. */
  void check(String name, Supplier<Finding> finding) {
    readiness.add(new ReadyCheck(name, finding));
  }

  /** Adds what can be looked at once there are parts; other ones may take over. */
  void watch(Supplier<NodeParts> parts, AuditTrail audit) {
    check("audit", new RecentFinding(() -> writable(audit), clock));
    check("authority", new RecentFinding(() -> authority(parts.get()), clock));
    check("agent", new RecentFinding(() -> agent(parts.get()), clock));
    VerificationHealth verification =
        new VerificationHealth(() -> parts.get().verification(), clock);
    check("collateral", verification::finding);
    verification.showIn(metrics);
    ChainMetrics.show(() -> parts.get().authority(), metrics, clock);
    new Advance(() -> audit.head().map(AuditHead::sequence), clock)
        .showIn(
            metrics,
            "kms_audit_head_sequence",
            "The number of the last durable line of the audit log.",
            "kms_audit_head_advanced_timestamp_seconds",
            "When the node saw that number change last, in Unix time.");
  }

  private List<String> allNotes() {
    return notes.stream().flatMap(each -> each.get().stream()).toList();
  }

  private static List<String> weaknesses(KmsConfig config) {
    List<String> notes = new ArrayList<>();
    config.weakenings().forEach(weaker -> notes.add(weaker.key() + ": " + weaker.text()));
    InTheClear.of(config.authority()).note().ifPresent(notes::add);
    return notes;
  }

  private static Finding state(NodeState state) {
    String text = state.name() + ": " + state.why();
    return state instanceof NodeState.Ready ? Finding.good(text) : Finding.bad(text);
  }

  private static Finding keys(NodeState state) {
    return state instanceof NodeState.Ready
        ? Finding.good("loaded")
        : Finding.bad("the node is " + state.name());
  }

  private static String writable(AuditTrail audit) {
    audit.requireWritable();
    return "writable";
  }

  private static String authority(NodeParts parts) {
    parts.authority().requireAnswering();
    return "answers";
  }

  private static String agent(NodeParts parts) {
    parts.quotes().vmConfig();
    return "answers";
  }
}
