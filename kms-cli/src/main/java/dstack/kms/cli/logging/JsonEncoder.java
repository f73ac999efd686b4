package dstack.kms.cli.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import dstack.kms.core.trace.RequestScope;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * One JSON object a line, with a closed set of members: {@code time}, {@code level}, {@code
 * logger}, {@code thread}, {@code message}; within a request {@code request_id}, {@code trace_id}
 * and {@code span_id}; with a failure {@code error} with its {@code type}, {@code message} and
 * {@code stack}.
 *
 * <p>It runs on the thread that logs, whose request it names.
 */
final class JsonEncoder extends EncoderBase<ILoggingEvent> {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final byte[] NOTHING = {};
  private static final int LONGEST = 8192;

  /** Always three digits of the second. */
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(java.util.Locale.ROOT);

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringProperty("time", TIME.format(event.getInstant()));
      json.writeStringProperty("level", event.getLevel().toString());
      json.writeStringProperty("logger", event.getLoggerName());
      json.writeStringProperty("thread", event.getThreadName());
      RequestScope.current().ifPresent(scope -> request(json, scope));
      json.writeStringProperty("message", cut(event.getFormattedMessage()));
      IThrowableProxy thrown = event.getThrowableProxy();
      if (thrown != null) {
        error(json, thrown);
      }
      json.writeEndObject();
    }
    line.writeBytes("\n".getBytes(StandardCharsets.US_ASCII));
    return line.toByteArray();
  }

  /** Parts of a message are of others, and whoever can be denied can have one written. */
  private static String cut(String message) {
    return message.length() > LONGEST ? message.substring(0, LONGEST) + "\u2026" : message;
  }

  private static void request(JsonGenerator json, RequestScope scope) {
    json.writeStringProperty("request_id", scope.requestId());
    json.writeStringProperty("trace_id", scope.trace().traceId());
    json.writeStringProperty("span_id", scope.trace().spanId());
  }

  private static void error(JsonGenerator json, IThrowableProxy thrown) {
    json.writeObjectPropertyStart("error");
    json.writeStringProperty("type", thrown.getClassName());
    String message = thrown.getMessage();
    json.writeStringProperty("message", message == null ? "" : message);
    json.writeStringProperty("stack", ThrowableProxyUtil.asString(thrown));
    json.writeEndObject();
  }
}
