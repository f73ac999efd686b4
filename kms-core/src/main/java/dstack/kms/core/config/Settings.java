package dstack.kms.core.config;

import dstack.kms.core.refusal.RefusalException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Looks keys up in the order flag, {@code KMS_…} variable, file, default, and remembers which keys
 * were asked for: those are the known ones.
 */
final class Settings {
  private static final List<String> OWN_VARIABLES = List.of("KMS_CORE_", "KMS_RPC_");

  private final ConfigSources sources;
  private final ConfigLayer files;
  private final Map<String, Setting> effective = new LinkedHashMap<>();

  Settings(ConfigSources sources, ConfigLayer files) {
    this.sources = sources;
    this.files = files;
  }

  /** The value of highest precedence, if any source has the key. */
  Optional<Located> find(String key) {
    String flag = sources.flags().get(key);
    if (flag != null) {
      return Optional.of(new Located(flag, "flag", true));
    }
    String variable = sources.environment().get(variable(key));
    if (variable != null) {
      return Optional.of(new Located(variable, variable(key), true));
    }
    return Optional.ofNullable(files.values().get(key));
  }

  /** A variable that the original knows by another name. */
  Optional<String> environment(String name) {
    return Optional.ofNullable(sources.environment().get(name));
  }

  /** How the files spell the name, if they have it in any case; otherwise as given. */
  String spelling(String prefix, String name) {
    return files.values().keySet().stream()
        .filter(key -> key.equalsIgnoreCase(prefix + name))
        .map(key -> key.substring(prefix.length()))
        .findFirst()
        .orElse(name);
  }

  void note(String key, String shown, String origin) {
    effective.put(key, new Setting(key, shown, origin));
  }

  /** Whether a flag or a variable says it, and not a file. */
  boolean isSaidOutsideFiles(String key) {
    return sources.flags().containsKey(key) || sources.environment().containsKey(variable(key));
  }

  String originOf(String key) {
    Setting setting = effective.get(key);
    return setting == null ? "default" : setting.origin();
  }

  List<Setting> effective() {
    return List.copyOf(effective.values());
  }

  /** Which retired keys the files carry, as sentences. */
  List<String> retired() {
    return files.values().entrySet().stream()
        .filter(entry -> RetiredKeys.contains(entry.getKey()))
        .map(entry -> entry.getKey() + " (" + entry.getValue().origin() + ") has no effect")
        .toList();
  }

  /** Refuses the first key, table, variable or flag that nobody asked for. */
  void refuseUnknown() {
    files.values().forEach((key, found) -> refuseUnlessKnown(key, found.origin()));
    files.tables().forEach(this::refuseUnlessKnownTable);
    sources.flags().keySet().forEach(key -> refuseUnlessKnown(key, "flag"));
    refuseUnknownVariables();
  }

  private void refuseUnlessKnown(String key, String origin) {
    if (effective.containsKey(key) || RetiredKeys.contains(key)) {
      return;
    }
    if (isKnownTable(key)) {
      throw new RefusalException(
          ConfigRefusal.BAD_VALUE, origin + ": " + key + " must be a table, not a value");
    }
    throw unknown(origin + ": unknown key " + key, NearestName.of(key, effective.keySet()));
  }

  private void refuseUnlessKnownTable(String table, String origin) {
    if (effective.containsKey(table)) {
      throw new RefusalException(
          ConfigRefusal.BAD_VALUE, origin + ": " + table + " must be a value, not a table");
    }
    if (!isKnownTable(table) && !RetiredKeys.hasTable(table)) {
      throw unknown(origin + ": unknown table " + table, NearestName.of(table, tables()));
    }
  }

  private void refuseUnknownVariables() {
    Map<String, String> known =
        effective.keySet().stream().collect(Collectors.toMap(Settings::variable, key -> key));
    for (String name : sources.environment().keySet()) {
      if (OWN_VARIABLES.stream().anyMatch(name::startsWith) && !known.containsKey(name)) {
        throw unknown("unknown variable " + name, NearestName.of(name, known.keySet()));
      }
    }
  }

  private boolean isKnownTable(String table) {
    return effective.keySet().stream().anyMatch(key -> key.startsWith(table + "."));
  }

  private List<String> tables() {
    return effective.keySet().stream()
        .filter(key -> key.contains("."))
        .map(key -> key.substring(0, key.lastIndexOf('.')))
        .distinct()
        .toList();
  }

  private static RefusalException unknown(String text, String nearest) {
    return new RefusalException(
        ConfigRefusal.UNKNOWN_KEY, text + "; the nearest known name is " + nearest);
  }

  private static String variable(String key) {
    return "KMS_" + key.replace('.', '_').toUpperCase(Locale.ROOT);
  }
}
