package dstack.kms.onboard.node;

import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.AuthorityStats;
import dstack.kms.rpc.metrics.NodeMetrics;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What metrics say about an authority that reads a chain; of others there are no samples. */
final class AuthorityHealth {
  private final Supplier<Optional<AuthorityStats>> stats;

  private AuthorityHealth(Supplier<Optional<AuthorityStats>> stats) {
    this.stats = stats;
  }

  /** Shows the authority that is in use, whichever that is when metrics are read. */
  static void show(Supplier<Authority> authority, NodeMetrics metrics) {
    AuthorityHealth health = new AuthorityHealth(() -> authority.get().stats());
    health.counters(metrics);
    health.gauges(metrics);
  }

  private void counters(NodeMetrics metrics) {
    metrics.counter(
        "kms_chain_decisions_total",
        "Decisions of the chain authority by outcome.",
        "outcome",
        () -> of(seen -> doubles(seen.decisions())));
    metrics.counter(
        "kms_chain_disagreements_total",
        "Questions that endpoints answered differently at one block.",
        () -> number(AuthorityStats::disagreements));
    metrics.counter(
        "kms_chain_reorganizations_total",
        "Blocks that an endpoint took back.",
        () -> number(AuthorityStats::reorganizations));
  }

  private void gauges(NodeMetrics metrics) {
    metrics.gauge(
        "kms_chain_head_age_seconds",
        "Age of the newest block by its own time.",
        () -> number(seen -> seen.headAge().map(AuthorityHealth::seconds).orElse(Double.NaN)));
    metrics.gauge(
        "kms_chain_endpoint_healthy",
        "Whether an endpoint may be asked.",
        "endpoint",
        () -> endpoints(endpoint -> endpoint.healthy() ? 1 : 0));
    metrics.gauge(
        "kms_chain_endpoint_lag_blocks",
        "Blocks that an endpoint is behind the newest of any.",
        "endpoint",
        () -> endpoints(AuthorityStats.Endpoint::lag));
    metrics.gauge(
        "kms_chain_endpoint_silence_seconds",
        "Time since an endpoint was heard of.",
        "endpoint",
        () -> endpoints(endpoint -> seconds(endpoint.silence())));
  }

  private double number(ToDoubleFunction<AuthorityStats> value) {
    return stats.get().map(seen -> value.applyAsDouble(seen)).orElse(Double.NaN);
  }

  private Map<String, Double> of(Function<AuthorityStats, Map<String, Double>> values) {
    return stats.get().map(values).orElse(Map.of());
  }

  private Map<String, Double> endpoints(ToDoubleFunction<AuthorityStats.Endpoint> value) {
    return of(
        seen -> {
          Map<String, Double> samples = new LinkedHashMap<>();
          seen.endpoints().forEach(each -> samples.put(each.name(), value.applyAsDouble(each)));
          return samples;
        });
  }

  private static Map<String, Double> doubles(Map<String, Long> counts) {
    Map<String, Double> values = new LinkedHashMap<>();
    counts.forEach((key, count) -> values.put(key, (double) count));
    return values;
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
