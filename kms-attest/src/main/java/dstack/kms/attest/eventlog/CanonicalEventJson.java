package dstack.kms.attest.eventlog;

/**
 * The RFC 8785 form of a runtime event: {@code {"name":…,"payload":"<hex>","type":134217729}}
 * (specification 12 §4).
 */
final class CanonicalEventJson {
  private CanonicalEventJson() {}

  static String of(RuntimeEvent event) {
    StringBuilder json = new StringBuilder("{\"name\":\"");
    event.name().chars().forEach(c -> append(json, (char) c));
    return json.append("\",\"payload\":\"")
        .append(event.payload().hex())
        .append("\",\"type\":")
        .append(RuntimeEvent.TYPE)
        .append('}')
        .toString();
  }

  private static void append(StringBuilder json, char c) {
    switch (c) {
      case '\b' -> json.append("\\b");
      case '\f' -> json.append("\\f");
      case '\n' -> json.append("\\n");
      case '\r' -> json.append("\\r");
      case '\t' -> json.append("\\t");
      case '"' -> json.append("\\\"");
      case '\\' -> json.append("\\\\");
      default -> {
        if (c < 0x20) {
          json.append("\\u00").append(Character.forDigit(c >> 4, 16));
          json.append(Character.forDigit(c & 0xf, 16));
        } else {
          json.append(c);
        }
      }
    }
  }
}
