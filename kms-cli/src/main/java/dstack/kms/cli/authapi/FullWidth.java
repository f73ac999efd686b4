package dstack.kms.cli.authapi;

import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Whether a request names each thing by one text only (T-13).
 *
 * <p>The original fills short hexadecimal digits up with zeros and makes texts of numbers, so that
 * several requests name the same app. Nodes send full widths, and the empty text for what they do
 * not have.
 */
final class FullWidth {
  /** Digits of each member. */
  private static final Map<String, Integer> DIGITS =
      Map.of(
          "mrAggregated", 64,
          "osImageHash", 64,
          "appId", 40,
          "composeHash", 64,
          "instanceId", 40,
          "deviceId", 64,
          "mrSystem", 64);

  /** From here on several numbers have the same text. */
  private static final double INEXACT = 1L << 53;

  private FullWidth() {}

  /** Whether nothing in a valid request was filled up, or is one of several numbers. */
  static boolean of(JsonNode root) {
    return DIGITS.entrySet().stream().allMatch(e -> isFull(root.path(e.getKey()), e.getValue()))
        && Stream.concat(
                Stream.of(root.path("tcbStatus"), root.path("advisoryIds")),
                root.path("advisoryIds").valueStream())
            .allMatch(FullWidth::isOneNumber);
  }

  private static boolean isFull(JsonNode value, int digits) {
    if (value.isMissingNode() || value.isNull()) {
      return true;
    }
    String text = value.isString() ? value.stringValue() : "?";
    int found = text.startsWith("0x") ? text.length() - 2 : text.length();
    return found == 0 || found == digits;
  }

  private static boolean isOneNumber(JsonNode value) {
    return !value.isNumber() || Math.abs(value.doubleValue()) < INEXACT;
  }
}
