package dstack.kms.core.audit;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Values of a line as JSON of printable ASCII only, so that a line is one line to every program and
 * no text of another party can move a terminal's cursor.
 */
final class JsonText {
  /** How many characters of one foreign text are kept. */
  static final int LONGEST_TEXT = 1024;

  private static final int LONGEST_BYTES = 1024;
  private static final int MOST_ITEMS = 64;
  private static final HexFormat HEX = HexFormat.of();

  private JsonText() {}

  /** A text, cut where it is longer than is kept; the cut is shown by an ellipsis. */
  static String text(String value) {
    StringBuilder json = new StringBuilder(value.length() + 2).append('"');
    cut(value).chars().forEach(unit -> append(json, (char) unit));
    return json.append('"').toString();
  }

  private static String cut(String value) {
    if (value.length() <= LONGEST_TEXT) {
      return value;
    }
    boolean splits = Character.isHighSurrogate(value.charAt(LONGEST_TEXT - 1));
    return value.substring(0, LONGEST_TEXT - (splits ? 1 : 0)) + '\u2026';
  }

  private static void append(StringBuilder json, char unit) {
    if (unit == '"' || unit == '\\') {
      json.append('\\').append(unit);
    } else if (unit < 0x20 || unit > 0x7e) {
      json.append("\\u").append(HEX.toHexDigits(unit));
    } else {
      json.append(unit);
    }
  }

  static String text(Optional<String> value) {
    return value.map(JsonText::text).orElse("null");
  }

  /** Bytes as hexadecimal; of many the digest. */
  static String bytes(Bytes value) {
    return value.length() <= LONGEST_BYTES
        ? '"' + value.hex() + '"'
        : "\"sha256:" + Digests.sha256(value).hex() + '"';
  }

  static String texts(List<String> values) {
    return values.stream()
        .limit(MOST_ITEMS)
        .map(JsonText::text)
        .collect(Collectors.joining(",", "[", "]"));
  }

  /** Sorted by name. */
  static String texts(Map<String, String> values) {
    return new TreeMap<>(values)
        .entrySet().stream()
            .limit(MOST_ITEMS)
            .map(fact -> text(fact.getKey()) + ':' + text(fact.getValue()))
            .collect(Collectors.joining(",", "{", "}"));
  }
}
