package dstack.kms.rpc.telemetry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** Spans as an ExportTraceServiceRequest in the JSON form of OTLP: ids in hexadecimal digits. */
final class OtlpJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int INTERNAL = 1;
  private static final int SERVER = 2;
  private static final int ERROR = 2;

  private final Map<String, Object> resource;
  private final Map<String, Object> scope;

  OtlpJson(String serviceName, String version) {
    resource =
        Map.of(
            "attributes",
            attributes(Map.of("service.name", serviceName, "service.version", version)));
    scope = Map.of("name", "dstack.kms", "version", version);
  }

  byte[] encode(List<Span> spans) {
    Map<String, Object> scopeSpans =
        Map.of("scope", scope, "spans", spans.stream().map(OtlpJson::span).toList());
    return JSON.writeValueAsBytes(
        Map.of(
            "resourceSpans",
            List.of(Map.of("resource", resource, "scopeSpans", List.of(scopeSpans)))));
  }

  private static Map<String, Object> span(Span span) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("traceId", span.place().traceId());
    json.put("spanId", span.place().spanId());
    span.place().parentId().ifPresent(parent -> json.put("parentSpanId", parent));
    json.put("name", span.name());
    json.put("kind", span.server() ? SERVER : INTERNAL);
    json.put("startTimeUnixNano", nanos(span.end().minus(span.took())));
    json.put("endTimeUnixNano", nanos(span.end()));
    json.put("attributes", attributes(span.attributes()));
    if (span.failed()) {
      json.put("status", Map.of("code", ERROR));
    }
    return json;
  }

  /** 64-bit integers are texts in this form. */
  private static String nanos(Instant at) {
    return String.valueOf(at.getEpochSecond() * 1_000_000_000L + at.getNano());
  }

  private static List<Object> attributes(Map<String, String> values) {
    List<Object> attributes = new ArrayList<>();
    new TreeMap<>(values)
        .forEach(
            (key, value) ->
                attributes.add(Map.of("key", key, "value", Map.of("stringValue", value))));
    return attributes;
  }
}
