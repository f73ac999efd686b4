package dstack.kms.image;

import java.util.LinkedHashMap;
import java.util.Map;

/** Objects whose members keep the order they were given in. */
final class Json {
  private Json() {}

  /** From names and values in turn. */
  static Map<String, Object> object(Object... namesAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return object;
  }
}
