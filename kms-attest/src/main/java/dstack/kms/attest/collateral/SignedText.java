package dstack.kms.attest.collateral;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.json.ForeignJson;
import dstack.kms.core.refusal.RefusalException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * A document and its signature, cut out of an answer.
 *
 * <p>The signature covers the exact text of the document, so the text is cut out and never written
 * anew (specification 11 §5).
 *
 * @param text the document as it stood in the answer
 * @param signature the decoded signature
 */
record SignedText(String text, Bytes signature) {
  /** Names, values and brackets, as many as the document itself may have and those around it. */
  private static final int MAX_TOKENS = 1 << 16;

  private static final JsonFactory JSON =
      ForeignJson.factory(StreamReadConstraints.builder().maxTokenCount(MAX_TOKENS).build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /**
   * Cuts the object under that key out of the object that the body is.
   *
   * @param name how refusals call the document, for example {@code TCB Info}
   */
  static SignedText cut(String body, String key, String name) {
    Parts parts = new Parts();
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
      parts.read(parser, body, key);
    } catch (JacksonException e) {
      throw RefusalException.causedBy(
          CollateralRefusal.UNAVAILABLE, name + " should be valid JSON", e);
    }
    if (!parts.complete || parts.text.isEmpty() || parts.signature.isEmpty()) {
      throw Fetching.unavailable(name + " should be valid JSON");
    }
    try {
      return new SignedText(parts.text, Bytes.fromHex(parts.signature));
    } catch (IllegalArgumentException e) {
      throw Fetching.unavailable(name + " signature must be valid hex");
    }
  }

  /** What was met while reading. */
  private static final class Parts {
    private String text = "";
    private String signature = "";
    private boolean complete;

    void read(JsonParser parser, String body, String key) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return;
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        int start = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        if (name.equals(key) && value == JsonToken.START_OBJECT) {
          text = body.substring(start, (int) parser.currentLocation().getCharOffset());
        } else if (name.equals("signature") && value == JsonToken.VALUE_STRING) {
          signature = parser.getString();
        }
      }
      complete = parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
    }
  }
}
