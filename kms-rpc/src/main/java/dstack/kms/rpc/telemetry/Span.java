package dstack.kms.rpc.telemetry;

import dstack.kms.core.trace.TraceContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Something that took time.
 *
 * @param place in its trace
 * @param name from a closed set
 * @param server whether it is a whole request
 * @param end when it was over
 * @param took how long it took
 * @param failed whether it ended in an error of this server
 * @param attributes by OpenTelemetry's names
 */
record Span(
    TraceContext place,
    String name,
    boolean server,
    Instant end,
    Duration took,
    boolean failed,
    Map<String, String> attributes) {
  Span {
    attributes = Map.copyOf(attributes);
  }
}
