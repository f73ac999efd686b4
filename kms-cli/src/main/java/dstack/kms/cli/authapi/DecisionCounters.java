package dstack.kms.cli.authapi;

import dstack.kms.rpc.metrics.NodeMetrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How many questions had which outcome. */
final class DecisionCounters {
  /** What became of a question. */
  enum Outcome {
    ALLOWED,
    DENIED,
    /** The authority gave no answer; whoever asked was told no. */
    UNDECIDED
  }

  private final Map<String, LongAdder> counts = new LinkedHashMap<>();

  DecisionCounters() {
    for (String route : List.of("app", "kms")) {
      for (Outcome outcome : Outcome.values()) {
        counts.put(name(route, outcome), new LongAdder());
      }
    }
  }

  void count(String route, Outcome outcome) {
    LongAdder counter = counts.get(name(route, outcome));
    if (counter != null) {
      counter.increment();
    }
  }

  void showIn(NodeMetrics metrics) {
    metrics.counter(
        "kms_auth_api_decisions_total",
        "Answers to bootAuth questions by route and outcome.",
        "decision",
        this::values);
  }

  private Map<String, Double> values() {
    Map<String, Double> values = new LinkedHashMap<>();
    counts.forEach((name, count) -> values.put(name, (double) count.sum()));
    return values;
  }

  private static String name(String route, Outcome outcome) {
    return route + "_" + outcome.name().toLowerCase(Locale.ROOT);
  }
}
