package dstack.kms.rpc.metrics;

import java.util.Map;
import java.util.function.Supplier;

/**
 * A gauge family that asks for its values when it is read.
 *
 * @param values by the labels of each sample; must not block
 */
record Gauge(String name, String help, Supplier<Map<Map<String, String>, Double>> values)
    implements Family {
  @Override
  public void writeTo(PrometheusText text) {
    text.family(name, "gauge", help);
    values.get().forEach((labels, value) -> text.sample(name, labels, value));
  }
}
