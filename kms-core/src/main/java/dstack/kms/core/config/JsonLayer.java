package dstack.kms.core.config;

import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Reads one JSON document into a layer, keeping the line of every value. */
final class JsonLayer {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final String file;
  private final JsonParser parser;
  private final ConfigLayer layer = new ConfigLayer();

  private JsonLayer(String file, JsonParser parser) {
    this.file = file;
    this.parser = parser;
  }

  static ConfigLayer parse(String file, String text) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      JsonLayer reading = new JsonLayer(file, parser);
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw reading.malformed("the document must be one object");
      }
      reading.object(List.of());
      if (parser.nextToken() != null) {
        throw reading.malformed("there is something after the object");
      }
      return reading.layer;
    } catch (JacksonException e) {
      throw new RefusalException(
          ConfigRefusal.UNREADABLE,
          file + ":" + e.getLocation().getLineNr() + ": not JSON: " + e.getOriginalMessage());
    }
  }

  private void object(List<String> path) {
    layer.putTable(path, origin());
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      List<String> below = new ArrayList<>(path);
      below.add(parser.currentName());
      String origin = origin();
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        object(below);
      } else {
        layer.put(below, value(), origin);
      }
    }
  }

  private Object value() {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> parser.getString();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT -> integer();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case START_ARRAY -> array();
      default -> throw malformed("a value of this kind is not used");
    };
  }

  private Object integer() {
    return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        ? parser.getDoubleValue()
        : (Object) parser.getLongValue();
  }

  private List<Object> array() {
    List<Object> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken().isStructStart()) {
        throw malformed("an array may hold plain values only");
      }
      items.add(value());
    }
    return items;
  }

  private String origin() {
    return file + ":" + parser.currentTokenLocation().getLineNr();
  }

  private RefusalException malformed(String why) {
    return new RefusalException(ConfigRefusal.UNREADABLE, origin() + ": " + why);
  }
}
