package dstack.kms.core.config;

import dstack.kms.core.refusal.RefusalException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What one file says, flattened to dotted names; later layers replace earlier ones key by key.
 *
 * <p>Tables are kept beside the values, so that an empty table of an unknown name is noticed too.
 */
final class ConfigLayer {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final Map<String, Located> values = new LinkedHashMap<>();
  private final Map<String, String> tables = new LinkedHashMap<>();

  void put(List<String> path, Object value, String origin) {
    values.put(dotted(path, origin), new Located(value, origin, false));
  }

  void putTable(List<String> path, String origin) {
    if (!path.isEmpty()) {
      tables.put(dotted(path, origin), origin);
    }
  }

  /** Adds a later layer on top. */
  void merge(ConfigLayer later) {
    values.putAll(later.values);
    tables.putAll(later.tables);
  }

  Map<String, Located> values() {
    return values;
  }

  Map<String, String> tables() {
    return tables;
  }

  /** Quoted names with dots or odd characters would be mistaken for other keys. */
  private static String dotted(List<String> path, String origin) {
    for (String name : path) {
      if (!NAME.matcher(name).matches()) {
        throw new RefusalException(
            ConfigRefusal.UNKNOWN_KEY, origin + ": a key has a name of unusual characters");
      }
    }
    return String.join(".", path);
  }
}
