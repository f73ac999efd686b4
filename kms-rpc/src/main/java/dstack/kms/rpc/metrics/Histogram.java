package dstack.kms.rpc.metrics;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Durations in buckets from half a millisecond to ten seconds, by labels of closed sets.
 *
 * <p>As {@link Counters} it keeps a bounded number of series and puts everything else under {@code
 * other}.
 */
final class Histogram implements Family {
  static final int CAPACITY = 64;

  private static final double[] BOUNDS = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };

  private final String name;
  private final String help;
  private final List<String> labels;
  private final ConcurrentMap<List<String>, Cells> series =
      new ConcurrentSkipListMap<>((one, other) -> one.toString().compareTo(other.toString()));

  /** One count for each bucket, the last for everything beyond the bounds. */
  private static final class Cells {
    private final LongAdder[] counts = new LongAdder[BOUNDS.length + 1];
    private final LongAdder nanos = new LongAdder();

    Cells() {
      java.util.Arrays.setAll(counts, _ -> new LongAdder());
    }
  }

  Histogram(String name, String help, String... labels) {
    this.name = name;
    this.help = help;
    this.labels = List.of(labels);
  }

  /** A series with nothing in it yet, so that its first observation shows as an increase. */
  Histogram begin(String... values) {
    cells(List.of(values));
    return this;
  }

  void observe(Duration took, String... values) {
    Cells cells = cells(List.of(values));
    double seconds = took.toNanos() / 1e9;
    int bucket = 0;
    while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]) {
      bucket++;
    }
    cells.counts[bucket].increment();
    cells.nanos.add(took.toNanos());
  }

  private Cells cells(List<String> values) {
    if (values.size() != labels.size()) {
      throw new IllegalArgumentException(name + " has the labels " + labels);
    }
    boolean full = !series.containsKey(values) && series.size() >= CAPACITY;
    List<String> key = full ? java.util.Collections.nCopies(labels.size(), "other") : values;
    return series.computeIfAbsent(key, _ -> new Cells());
  }

  @Override
  public void writeTo(PrometheusText text) {
    text.family(name, "histogram", help);
    series.forEach((values, cells) -> write(text, labelled(values), cells));
  }

  private void write(PrometheusText text, Map<String, String> labelled, Cells cells) {
    long sum = 0;
    for (int i = 0; i <= BOUNDS.length; i++) {
      sum += cells.counts[i].sum();
      Map<String, String> bucket = new LinkedHashMap<>(labelled);
      bucket.put("le", i < BOUNDS.length ? PrometheusText.number(BOUNDS[i]) : "+Inf");
      text.sample(name + "_bucket", bucket, (double) sum);
    }
    text.sample(name + "_sum", labelled, cells.nanos.sum() / 1e9);
    text.sample(name + "_count", labelled, (double) sum);
  }

  private Map<String, String> labelled(List<String> values) {
    Map<String, String> labelled = new LinkedHashMap<>();
    for (int i = 0; i < labels.size(); i++) {
      labelled.put(labels.get(i), values.get(i));
    }
    return labelled;
  }
}
