package dstack.kms.onboard.node;

import dstack.kms.attest.collateral.CollateralAge;
import dstack.kms.core.config.AuthorityConfig;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.config.Weakening;
import dstack.kms.rpc.health.Readiness;
import dstack.kms.rpc.health.ReadyCheck;
import dstack.kms.rpc.health.ReadyCheck.Finding;
import dstack.kms.rpc.metrics.NodeMetrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What {@code /ready} and {@code /metrics} say about the node itself. */
final class NodeHealth {
  private static final String WEBHOOK = "core.auth_api.webhook.url";

  private final NodeMetrics metrics = new NodeMetrics();
  private final Readiness readiness;
  private final InstantSource clock;

  NodeHealth(KmsConfig config, InstantSource clock, Supplier<NodeState> state) {
    this.clock = clock;
    readiness = new Readiness(() -> notes(config));
    readiness.add(new ReadyCheck("keys", () -> keys(state.get())));
    metrics.gauge(
        "kms_node_state", "The node's state.", "state", () -> Map.of(state.get().name(), 1.0));
    metrics.gauge("kms_epoch", "The generation of root keys.", () -> (double) config.epoch());
    Map<String, Double> weaker =
        config.weakenings().stream().collect(Collectors.toMap(Weakening::key, _ -> 1.0));
    metrics.gauge("kms_weakening", "Settings weaker than the default.", "key", () -> weaker);
    Map<String, Double> plain = asksInTheClear(config) ? Map.of(WEBHOOK, 1.0) : Map.of();
    metrics.gauge("kms_plain_http_webhook", "Webhooks asked over plain HTTP.", "key", () -> plain);
  }

  NodeMetrics metrics() {
    return metrics;
  }

  Readiness readiness() {
    return readiness;
  }

  /** Adds what can be looked at once the parts are there. */
  void watch(NodeParts parts) {
    readiness.add(
        new ReadyCheck(
            "authority",
            new RecentFinding(
                () -> {
                  parts.authority().requireAnswering();
                  return "answers";
                },
                clock)));
    readiness.add(
        new ReadyCheck(
            "agent",
            new RecentFinding(
                () -> {
                  parts.quotes().vmConfig();
                  return "answers";
                },
                clock)));
    readiness.add(new ReadyCheck("collateral", () -> collateral(parts)));
    metrics.gauge(
        "kms_collateral_valid_seconds",
        "Seconds until the first kept collateral ends.",
        () -> collateralUntil(parts).map(this::secondsUntil).orElse(Double.NaN));
  }

  /** Adds what can be looked at once the node serves. */
  void watch(Serving serving) {
    readiness.add(new ReadyCheck("certificates", () -> certificates(serving.validUntil())));
    metrics.gauge(
        "kms_certificates_valid_seconds",
        "Seconds until the first of the node's certificates ends.",
        () -> secondsUntil(serving.validUntil()));
  }

  private static List<String> notes(KmsConfig config) {
    List<String> notes = new ArrayList<>();
    config.weakenings().forEach(weaker -> notes.add(weaker.key() + ": " + weaker.text()));
    if (asksInTheClear(config)) {
      notes.add(WEBHOOK + ": plain HTTP, whoever can reach that network decides about keys");
    }
    return notes;
  }

  /** Also where that is allowed without the development switch (T-16). */
  private static boolean asksInTheClear(KmsConfig config) {
    return config.authority() instanceof AuthorityConfig.Webhook webhook && webhook.url().isPlain();
  }

  private static Finding keys(NodeState state) {
    return state instanceof NodeState.Ready
        ? Finding.good("loaded")
        : Finding.bad("the node is " + state.name());
  }

  private Finding certificates(Instant until) {
    return clock.instant().isBefore(until)
        ? Finding.good("valid until " + until)
        : Finding.bad("a certificate ended at " + until + "; restart to renew it");
  }

  private Finding collateral(NodeParts parts) {
    Optional<Instant> until = collateralUntil(parts);
    if (until.isEmpty()) {
      return Finding.good("none was needed yet");
    }
    return clock.instant().isAfter(until.get())
        ? Finding.bad("kept collateral ended at " + until.get() + " and cannot be renewed")
        : Finding.good("valid until " + until.get());
  }

  private static Optional<Instant> collateralUntil(NodeParts parts) {
    return parts.verification().collateral().ages().stream()
        .map(CollateralAge::validUntil)
        .min(Instant::compareTo);
  }

  private double secondsUntil(Instant instant) {
    return (double) Duration.between(clock.instant(), instant).toSeconds();
  }
}
