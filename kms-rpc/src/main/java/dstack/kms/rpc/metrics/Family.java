package dstack.kms.rpc.metrics;

/** One metric family that can write itself. */
@FunctionalInterface
interface Family {
  void writeTo(PrometheusText text);
}
