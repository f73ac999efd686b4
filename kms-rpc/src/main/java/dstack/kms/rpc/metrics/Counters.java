package dstack.kms.rpc.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.DoubleAdder;

/**
 * A counter family with labels.
 *
 * <p>As a last defence against labels without bound it keeps at most {@value #CAPACITY} series and
 * counts everything else under {@code other}.
 */
final class Counters implements Family {
  static final int CAPACITY = 512;

  private final String name;
  private final String help;
  private final List<String> labels;
  private final ConcurrentMap<String, DoubleAdder> series = new ConcurrentSkipListMap<>();

  Counters(String name, String help, String... labels) {
    this.name = name;
    this.help = help;
    this.labels = List.of(labels);
    if (labels.length == 0) {
      add(0);
    }
  }

  void increment(String... values) {
    add(1, values);
  }

  void add(double amount, String... values) {
    if (values.length != labels.size()) {
      throw new IllegalArgumentException(name + " has the labels " + labels);
    }
    String key = String.join("\n", values);
    if (!series.containsKey(key) && series.size() >= CAPACITY) {
      key = String.join("\n", java.util.Collections.nCopies(values.length, "other"));
    }
    series.computeIfAbsent(key, _ -> new DoubleAdder()).add(amount);
  }

  double total() {
    return series.values().stream().mapToDouble(DoubleAdder::sum).sum();
  }

  @Override
  public void writeTo(PrometheusText text) {
    text.family(name, "counter", help);
    series.forEach((key, sum) -> text.sample(name, labelled(key), sum.sum()));
  }

  private Map<String, String> labelled(String key) {
    String[] values = key.split("\n", -1);
    Map<String, String> labelled = new LinkedHashMap<>();
    for (int i = 0; i < labels.size(); i++) {
      labelled.put(labels.get(i), values[i]);
    }
    return labelled;
  }
}
