package dstack.kms.attest.dcap;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.json.ForeignJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An object of a JSON document that is read without goodwill: no repeated keys, no text after it,
 * no conversion between types, no number outside its range. Unknown keys are ignored.
 */
final class StrictJson {
  private static final int MAX_LENGTH = 4 << 20;

  /** Names, values and brackets; Intel's documents have about a thousand. */
  private static final int MAX_TOKENS = 1 << 16;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              ForeignJson.factory(StreamReadConstraints.builder().maxTokenCount(MAX_TOKENS).build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final JsonNode node;

  private StrictJson(JsonNode node) {
    this.node = node;
  }

  /** Says that a document is not as it must be. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String what) {
      super(what, null, false, false);
    }
  }

  /** Reads one field of an object. */
  interface Reader<T> {
    T read(StrictJson object) throws Malformed;
  }

  static StrictJson parse(String text) throws Malformed {
    if (text.length() > MAX_LENGTH) {
      throw new Malformed("too long");
    }
    try {
      return object(MAPPER.readTree(text), "document");
    } catch (JacksonException e) {
      throw new Malformed(e.getOriginalMessage());
    }
  }

  private static StrictJson object(JsonNode node, String name) throws Malformed {
    if (!node.isObject()) {
      throw new Malformed(name + " is no object");
    }
    return new StrictJson(node);
  }

  String text(String key) throws Malformed {
    JsonNode value = node.get(key);
    if (value == null || !value.isString()) {
      throw new Malformed(key + " is no text");
    }
    return value.stringValue();
  }

  /** An integer from 0 to the limit. */
  long unsigned(String key, long limit) throws Malformed {
    JsonNode value = node.get(key);
    if (value == null
        || !value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < 0
        || value.longValue() > limit) {
      throw new Malformed(key + " is no number from 0 to " + limit);
    }
    return value.longValue();
  }

  int u8(String key) throws Malformed {
    return (int) unsigned(key, 0xff);
  }

  int u16(String key) throws Malformed {
    return (int) unsigned(key, 0xffff);
  }

  long u32(String key) throws Malformed {
    return unsigned(key, 0xffff_ffffL);
  }

  /** So many bytes as hexadecimal digits. */
  Bytes hex(String key, int length) throws Malformed {
    Optional<Bytes> bytes = Hex.decode(text(key));
    if (bytes.isEmpty() || bytes.get().length() != length) {
      throw new Malformed(key + " is not " + length + " bytes in hex");
    }
    return bytes.get();
  }

  StrictJson object(String key) throws Malformed {
    JsonNode value = node.get(key);
    if (value == null) {
      throw new Malformed(key + " is missing");
    }
    return object(value, key);
  }

  /** An object that may be missing or null. */
  Optional<StrictJson> optionalObject(String key) throws Malformed {
    JsonNode value = node.get(key);
    return value == null || value.isNull() ? Optional.empty() : Optional.of(object(value, key));
  }

  <T> List<T> objects(String key, Reader<T> reader) throws Malformed {
    JsonNode value = node.get(key);
    if (value == null || !value.isArray()) {
      throw new Malformed(key + " is no list");
    }
    List<T> items = new ArrayList<>();
    for (JsonNode item : value) {
      items.add(reader.read(object(item, key)));
    }
    return List.copyOf(items);
  }

  /** The same for a list that may be missing, but not null. */
  <T> List<T> optionalObjects(String key, Reader<T> reader) throws Malformed {
    return node.has(key) ? objects(key, reader) : List.of();
  }

  /** A list of texts that may be missing, but not null. */
  List<String> optionalTexts(String key) throws Malformed {
    JsonNode value = node.get(key);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray() || !value.valueStream().allMatch(JsonNode::isString)) {
      throw new Malformed(key + " is no list of texts");
    }
    Function<JsonNode, String> asText = JsonNode::stringValue;
    return value.valueStream().map(asText).toList();
  }
}
