package dstack.kms.cli.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import dstack.kms.core.trace.RequestScope;
import dstack.kms.core.trace.TraceContext;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class JsonEncoderTest {
  private final Logger logger = new LoggerContext().getLogger("dstack.kms.Some");

  private String line(String message, @Nullable Throwable thrown) {
    LoggingEvent event =
        new LoggingEvent("fqcn", logger, Level.WARN, message, thrown, new Object[] {});
    return new String(new JsonEncoder().encode(event), StandardCharsets.UTF_8);
  }

  private JsonNode json(String message) {
    return JsonMapper.shared().readTree(line(message, null));
  }

  @Test
  void writesOneObjectWithAClosedSetOfMembers() {
    JsonNode json = json("hello");
    assertThat(json.propertyNames())
        .containsExactly("time", "level", "logger", "thread", "message");
    assertThat(json.get("time").asString())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    assertThat(json.get("level").asString()).isEqualTo("WARN");
    assertThat(json.get("logger").asString()).isEqualTo("dstack.kms.Some");
    assertThat(json.get("message").asString()).isEqualTo("hello");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\nb",
        "a\r\n{\"level\":\"INFO\"}",
        "tab\t quote\" \\",
        "\u0000\u001b[31m",
        "\ud83d"
      })
  void keepsEveryMessageOnItsLine(String message) {
    String line = line(message, null);
    assertThat(line).endsWith("}\n");
    assertThat(line.substring(0, line.length() - 1)).doesNotContainPattern("[\\x00-\\x1f]");
    if (!message.equals("\ud83d")) {
      assertThat(json(message).get("message").asString()).isEqualTo(message);
    }
  }

  @Test
  void cutsAMessageThatSomebodyMadeLong() {
    assertThat(json("x".repeat(100_000)).get("message").asString())
        .isEqualTo("x".repeat(8192) + "\u2026");
  }

  @Test
  void namesTheRequestOfTheThreadThatLogs() {
    TraceContext trace = TraceContext.root(new SecureRandom());
    JsonNode json = new RequestScope("r-1", trace).call(() -> json("within"));
    assertThat(json.get("request_id").asString()).isEqualTo("r-1");
    assertThat(json.get("trace_id").asString()).isEqualTo(trace.traceId());
    assertThat(json.get("span_id").asString()).isEqualTo(trace.spanId());
  }

  @Test
  void carriesAFailureWithItsStack() {
    String line = line("failed", new IllegalStateException("why\nso"));
    JsonNode error = JsonMapper.shared().readTree(line).get("error");
    assertThat(error.get("type").asString()).isEqualTo("java.lang.IllegalStateException");
    assertThat(error.get("message").asString()).isEqualTo("why\nso");
    assertThat(error.get("stack").asString()).contains("carriesAFailureWithItsStack");
    assertThat(line.lines()).hasSize(1);
  }
}
