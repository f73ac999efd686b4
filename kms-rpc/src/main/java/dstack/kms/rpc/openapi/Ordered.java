package dstack.kms.rpc.openapi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** JSON objects whose members stay in the order in which they are named. */
final class Ordered {
  private Ordered() {}

  /** Names and values in turn. */
  static Map<String, Object> of(Object... pairs) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      members.put((String) pairs[i], pairs[i + 1]);
    }
    return Collections.unmodifiableMap(members);
  }
}
