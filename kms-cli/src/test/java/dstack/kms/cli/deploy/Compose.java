package dstack.kms.cli.deploy;

import dstack.kms.testkit.ProjectRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A compose file, of which the parts are reached by their names. */
record Compose(Map<String, Object> document) {
  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{([A-Z_]+)(?::([-?])([^}]*))?}|\\$\\$");

  static Compose read(String name) {
    Path file = ProjectRoot.path().resolve("deploy/compose").resolve(name + ".yaml");
    try {
      Object parsed =
          new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
      return new Compose(map(parsed));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Map<String, Object> services() {
    return map(document.get("services"));
  }

  Map<String, Object> service(String name) {
    return map(services().get(name));
  }

  /** The text of a config with its variables put in, as compose does it. */
  String config(String name, Map<String, String> variables) {
    Map<String, Object> config = map(map(document.get("configs")).get(name));
    return interpolate(Objects.requireNonNull(config.get("content")).toString(), variables);
  }

  static String interpolate(String text, Map<String, String> variables) {
    return VARIABLE
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(value(found, variables)));
  }

  private static String value(java.util.regex.MatchResult found, Map<String, String> variables) {
    if (found.group(1) == null) {
      return "$";
    }
    String value = variables.getOrDefault(found.group(1), "");
    if (!value.isEmpty() || found.group(2) == null) {
      return value;
    }
    if (found.group(2).equals("?")) {
      throw new IllegalArgumentException(found.group(3));
    }
    return found.group(3);
  }

  static Map<String, Object> map(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new AssertionError("not a mapping: " + value);
    }
    Map<String, Object> copy = new HashMap<>();
    map.forEach((key, each) -> copy.put((String) key, each));
    return copy;
  }
}
