package dstack.kms.cli.authapi;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.json.ForeignJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a request as the original's validator does (specification 21 §3.2): missing optional
 * members have defaults, scalars become texts, hexadecimal digits are filled up with zeros on the
 * left.
 *
 * <p>Stricter only where a reader could be deceived: a member that is there twice, and bytes that
 * are not UTF-8, make the body unreadable.
 */
final class BootRequestReader {
  private static final int WORD = 32;
  private static final int ADDRESS = 20;
  private static final int MAX_STATUS = 128;
  private static final int MAX_ADVISORIES = 128;
  private static final int MAX_ADVISORY = 256;
  private static final String BYTE_ORDER_MARK = "\uFEFF";
  private static final Pattern DIGITS = Pattern.compile("[0-9a-fA-F]*");

  /** Names, values and brackets, those of unknown members included. */
  private static final int MAX_TOKENS = 1 << 14;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              ForeignJson.factory(StreamReadConstraints.builder().maxTokenCount(MAX_TOKENS).build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Says that the validator would not take it. */
  private static final class NotValid extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private BootRequestReader() {}

  /**
   * Reads a body.
   *
   * @param mediaType in lower case without parameters; empty if the request has none
   */
  static RequestReading read(String mediaType, Bytes body) {
    return switch (mediaType) {
      case "application/json" -> json(body);
      case "text/plain" -> new RequestReading.Invalid();
      case "" -> body.isEmpty() ? new RequestReading.Invalid() : new RequestReading.Unreadable();
      default -> new RequestReading.Unreadable();
    };
  }

  private static RequestReading json(Bytes body) {
    Optional<String> text = body.strictUtf8Text();
    if (text.isEmpty()) {
      return new RequestReading.Unreadable();
    }
    String content = text.get();
    try {
      JsonNode root =
          JSON.readTree(content.startsWith(BYTE_ORDER_MARK) ? content.substring(1) : content);
      return root.isMissingNode()
          ? new RequestReading.Unreadable()
          : new RequestReading.Valid(request(root), FullWidth.of(root));
    } catch (JacksonException e) {
      return new RequestReading.Unreadable();
    } catch (NotValid e) {
      return new RequestReading.Invalid();
    }
  }

  private static BootRequest request(JsonNode root) throws NotValid {
    if (!root.isObject()) {
      throw new NotValid();
    }
    return new BootRequest(
        digits(required(root, "mrAggregated"), WORD),
        digits(required(root, "osImageHash"), WORD),
        digits(required(root, "appId"), ADDRESS),
        digits(required(root, "composeHash"), WORD),
        digits(required(root, "instanceId"), ADDRESS),
        digits(required(root, "deviceId"), WORD),
        root.has("mrSystem") ? digits(root.get("mrSystem"), WORD) : Bytes.zeros(WORD),
        root.has("tcbStatus") ? text(root.get("tcbStatus"), MAX_STATUS) : "",
        root.has("advisoryIds") ? advisories(root.get("advisoryIds")) : List.of());
  }

  private static JsonNode required(JsonNode root, String member) throws NotValid {
    JsonNode value = root.get(member);
    if (value == null) {
      throw new NotValid();
    }
    return value;
  }

  /** A scalar counts as a list of one. */
  private static List<String> advisories(JsonNode value) throws NotValid {
    if (value.isObject() || value.size() > MAX_ADVISORIES) {
      throw new NotValid();
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode item : value.isArray() ? value : List.of(value)) {
      texts.add(text(item, MAX_ADVISORY));
    }
    return texts;
  }

  private static Bytes digits(JsonNode value, int bytes) throws NotValid {
    String text = text(value, 2 + 2 * bytes);
    String digits = text.startsWith("0x") ? text.substring(2) : text;
    if (digits.length() > 2 * bytes || !DIGITS.matcher(digits).matches()) {
      throw new NotValid();
    }
    String padded = "0".repeat(2 * bytes - digits.length()) + digits;
    return Bytes.fromHex(padded.toLowerCase(Locale.ROOT));
  }

  /** A text, or what the validator makes of another scalar, or of a list of one scalar. */
  private static String text(JsonNode value, int longest) throws NotValid {
    JsonNode one = value.isArray() && value.size() == 1 ? value.get(0) : value;
    String text = scalar(one);
    if (text.codePointCount(0, text.length()) > longest) {
      throw new NotValid();
    }
    return text;
  }

  private static String scalar(JsonNode value) throws NotValid {
    return switch (value.getNodeType()) {
      case STRING -> value.stringValue();
      case NUMBER -> ScriptNumber.text(value.doubleValue());
      case BOOLEAN -> value.booleanValue() ? "true" : "false";
      case NULL -> "";
      default -> throw new NotValid();
    };
  }
}
