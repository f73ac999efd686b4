package dstack.kms.cli.deploy;

import dstack.kms.testkit.ProjectRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
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
    return of(ProjectRoot.path().resolve("deploy/compose").resolve(name + ".yaml"));
  }

  static Compose of(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Compose parse(String text) {
    return new Compose(map(new Load(LoadSettings.builder().build()).loadFromString(text)));
  }

  Map<String, Object> services() {
    return map(document.get("services"));
  }

  Map<String, Object> service(String name) {
    return map(services().get(name));
  }

  /**
   * The services into whose file system compose itself writes before it starts them: those that
   * take a config which is no file of the machine (docker/compose, {@code injectFileReferences}).
   */
  Set<String> writtenInto() {
    Map<String, Object> configs = map(document.get("configs"));
    Set<String> written = new TreeSet<>();
    for (String service : services().keySet()) {
      if (service(service).get("configs") instanceof List<?> mounts
          && mounts.stream()
              .anyMatch(mount -> !map(configs.get(source(mount))).containsKey("file"))) {
        written.add(service);
      }
    }
    return written;
  }

  private static String source(Object mount) {
    return mount instanceof String name ? name : String.valueOf(map(mount).get("source"));
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
