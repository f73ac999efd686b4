package dstack.kms.attest.json;

import dstack.kms.core.json.ForeignJson;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads one JSON text: no repeated names, nothing after the value, at most 32 levels deep, numbers
 * of at most 32 characters, at most 131,072 tokens. Callers bound the length of the text.
 */
public final class StrictJson {
  /**
   * Names, values and brackets of one text. The largest event log has half as many. Without a bound
   * ten megabytes of empty objects, which strangers may send, become a tree of three hundred.
   */
  private static final int MAX_TOKENS = 1 << 17;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              ForeignJson.factory(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(32)
                          .maxNumberLength(32)
                          .maxTokenCount(MAX_TOKENS)
                          .build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  /** The object that the text is; anything else is refused with the code. */
  public static JsonObject object(String text, RefusalCode code) {
    return new JsonObject(tree(text, code), code);
  }

  /** The array of at most so many objects that the text is; anything else is refused. */
  public static List<JsonObject> objects(String text, int maxCount, RefusalCode code) {
    JsonNode tree = tree(text, code);
    if (!tree.isArray()) {
      throw new RefusalException(code, "invalid type: expected an array");
    }
    if (tree.size() > maxCount) {
      throw new RefusalException(code, "more than " + maxCount + " items");
    }
    List<JsonObject> objects = new ArrayList<>();
    for (JsonNode item : tree) {
      objects.add(new JsonObject(item, code));
    }
    return List.copyOf(objects);
  }

  private static JsonNode tree(String text, RefusalCode code) {
    try {
      return MAPPER.readTree(text);
    } catch (JacksonException e) {
      throw RefusalException.causedBy(code, "invalid JSON", e);
    }
  }

  /** Whether every surrogate in the text is half of a pair. */
  static boolean isWellFormed(String text) {
    return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= 0xDFFF);
  }
}
