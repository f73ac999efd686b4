package dstack.kms.rpc.metrics;

import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.AuthorityStats;
import dstack.kms.core.authority.AuthorityStats.Head;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What metrics say about an authority that reads a chain; of others there are no samples. */
public final class ChainMetrics {
  private final Supplier<Optional<AuthorityStats>> stats;

  private ChainMetrics(Supplier<Optional<AuthorityStats>> stats) {
    this.stats = stats;
  }

  /** Shows the authority that is in use, whichever that is when metrics are read. */
  public static void show(Supplier<Authority> authority, NodeMetrics metrics, InstantSource clock) {
    ChainMetrics chain = new ChainMetrics(() -> authority.get().stats());
    chain.counters(metrics);
    chain.gauges(metrics);
    new Advance(() -> chain.stats.get().flatMap(AuthorityStats::head).map(Head::number), clock)
        .showIn(
            metrics,
            "kms_chain_head_block",
            "The newest block of the chain that policy is read from.",
            "kms_chain_head_advanced_timestamp_seconds",
            "When the node saw the newest block change last, in Unix time.");
    metrics.gauge(
        "kms_chain_decision_block",
        "The block at which the authority would decide now.",
        () -> authority.get().view().map(block -> (double) block.number()).orElse(Double.NaN));
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
        () -> number(seen -> seen.head().map(head -> seconds(head.age())).orElse(Double.NaN)));
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
