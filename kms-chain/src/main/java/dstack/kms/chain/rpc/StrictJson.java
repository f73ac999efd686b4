package dstack.kms.chain.rpc;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.json.ForeignJson;
import dstack.kms.core.refusal.RefusalException;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON without repeated names, bytes after the end, depth, long numbers, or bad UTF-8. */
final class StrictJson {
  private static final int MAX_DEPTH = 32;

  /** A word has 78 decimal digits; JSON-RPC writes it as a text anyway. */
  private static final int MAX_DIGITS = 80;

  /** Names, values and brackets; the longest answer that is read is full of logs and has fewer. */
  private static final int MAX_TOKENS = 1 << 17;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              ForeignJson.factory(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_DIGITS)
                          .maxTokenCount(MAX_TOKENS)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  /** The one value of a text in UTF-8. */
  static JsonNode parse(Bytes content) {
    Optional<String> text = content.strictUtf8Text();
    if (text.isEmpty()) {
      throw malformed("it is not UTF-8");
    }
    JsonNode value;
    try {
      value = MAPPER.readTree(text.get());
    } catch (JacksonException e) {
      throw malformed("it is not JSON: " + e.getOriginalMessage());
    }
    if (value.isMissingNode()) {
      throw malformed("it is empty");
    }
    return value;
  }

  static Bytes write(Object value) {
    return Bytes.of(MAPPER.writeValueAsBytes(value));
  }

  static RefusalException malformed(String why) {
    return new RefusalException(RpcRefusal.MALFORMED, "an answer that is no JSON-RPC 2.0", why);
  }
}
