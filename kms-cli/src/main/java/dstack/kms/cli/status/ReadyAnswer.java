package dstack.kms.cli.status;

import dstack.kms.cli.outcome.OneLine;
import dstack.kms.core.refusal.RefusalException;
import java.io.PrintWriter;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code /ready} answered.
 *
 * @param ready whether every check holds
 * @param json the whole answer
 */
record ReadyAnswer(boolean ready, JsonNode json) {
  /** Reads the answer; refuses what no operations listener says. */
  static ReadyAnswer read(String body) {
    JsonNode json = tree(body);
    if (!json.path("ready").isBoolean() || !json.path("checks").isObject()) {
      throw malformed();
    }
    return new ReadyAnswer(json.get("ready").booleanValue(), json);
  }

  private static JsonNode tree(String body) {
    try {
      return JsonMapper.shared().readTree(body);
    } catch (JacksonException e) {
      throw malformed();
    }
  }

  static RefusalException malformed() {
    return new RefusalException(
        StatusRefusal.MALFORMED, "the answer is not that of an operations listener");
  }

  /** One line for the whole, one for each check and note. */
  void print(PrintWriter out) {
    out.println(ready ? "ready" : "not ready");
    json.get("checks")
        .properties()
        .forEach(
            check ->
                out.println(
                    (check.getValue().path("ok").asBoolean(false) ? "  yes  " : "  NO   ")
                        + OneLine.of(check.getKey())
                        + ": "
                        + plain(check.getValue().path("text"))));
    json.path("notes").valueStream().forEach(note -> out.println("  note: " + plain(note)));
  }

  private static String plain(JsonNode text) {
    return OneLine.of(text.asString(""));
  }
}
