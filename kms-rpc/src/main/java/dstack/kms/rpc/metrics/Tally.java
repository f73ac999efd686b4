package dstack.kms.rpc.metrics;

import java.util.Map;
import java.util.function.Supplier;

/**
 * A counter family that somebody else counts and that is read each time.
 *
 * @param values by the labels of each sample; must not block, and never fall
 */
record Tally(String name, String help, Supplier<Map<Map<String, String>, Double>> values)
    implements Family {
  @Override
  public void writeTo(PrometheusText text) {
    text.family(name, "counter", help);
    values.get().forEach((labels, value) -> text.sample(name, labels, value));
  }
}
