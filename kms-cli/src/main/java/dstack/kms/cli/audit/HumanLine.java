package dstack.kms.cli.audit;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One line of the log as a person reads it. */
final class HumanLine {
  private static final JsonMapper JSON = JsonMapper.shared();

  private HumanLine() {}

  static String of(String line) {
    try {
      return PlainText.of(words(JSON.readTree(line)));
    } catch (JacksonException e) {
      return "not a line of the log: " + PlainText.of(line);
    }
  }

  private static String words(JsonNode line) {
    List<String> words = new ArrayList<>();
    words.add(line.path("seq").asString("?"));
    words.add(line.path("time").asString("?"));
    words.add(line.path("kind").asString("?"));
    words.add(line.path("outcome").asString("?"));
    JsonNode app = line.at("/bootInfo/appId");
    if (app.isString()) {
      words.add("app=" + app.stringValue());
    }
    JsonNode block = line.at("/block/number");
    if (block.isNumber()) {
      words.add("block=" + block.asString());
    }
    for (String name : line.path("facts").propertyNames()) {
      words.add(name + "=" + line.path("facts").path(name).asString(""));
    }
    if (line.path("code").isString()) {
      words.add("[" + line.path("code").asString() + "] " + line.path("reason").asString(""));
    }
    return String.join(" ", words);
  }
}
