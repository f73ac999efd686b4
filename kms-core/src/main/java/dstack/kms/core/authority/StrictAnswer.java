package dstack.kms.core.authority;

import dstack.kms.core.http.BoundedBody;
import dstack.kms.core.json.ForeignJson;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * One JSON object of an agreed shape (specification 00 §9, webhook).
 *
 * <p>A known member twice, a value of another type, bytes that are not UTF-8 and anything after the
 * object are refused; unknown members are skipped, whatever they hold.
 */
final class StrictAnswer {
  private static final JsonFactory FACTORY =
      ForeignJson.factory(StreamReadConstraints.defaults()).build();

  /** Says why an answer is none. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    private Malformed(String text) {
      super(text);
    }
  }

  private final Map<String, Object> members;

  private StrictAnswer(Map<String, Object> members) {
    this.members = members;
  }

  /**
   * Reads an answer of that shape.
   *
   * @throws Malformed if the body is anything else
   */
  static StrictAnswer parse(BoundedBody body, AnswerShape shape) throws Malformed {
    if (body.cutOff()) {
      throw new Malformed("the answer is longer than " + body.content().length() + " bytes");
    }
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), body.text())) {
      Map<String, Object> members = object(parser, shape);
      check(members, shape.required(), true);
      check(members, shape.optional(), false);
      return new StrictAnswer(members);
    } catch (JacksonException e) {
      throw new Malformed("the answer is not JSON");
    } catch (CharacterCodingException e) {
      throw new Malformed("the answer is not UTF-8");
    }
  }

  private static Map<String, Object> object(JsonParser parser, AnswerShape shape) throws Malformed {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new Malformed("the answer is not an object");
    }
    Map<String, Object> members = new HashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      if (!shape.knows(name)) {
        parser.skipChildren();
      } else if (members.put(name, value(parser)) != null) {
        throw new Malformed("the member " + name + " is there twice");
      }
    }
    if (parser.nextToken() != null) {
      throw new Malformed("there is something after the object");
    }
    return members;
  }

  /** The value; of any type that is never wanted, an object that fits none. */
  private static Object value(JsonParser parser) {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> parser.getString();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT -> number(parser);
      default -> {
        parser.skipChildren();
        yield Map.of();
      }
    };
  }

  private static Object number(JsonParser parser) {
    boolean unsigned =
        parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER && parser.getLongValue() >= 0;
    return unsigned ? (Object) parser.getLongValue() : Map.of();
  }

  private static void check(
      Map<String, Object> members, Map<String, Class<?>> types, boolean required) throws Malformed {
    for (Map.Entry<String, Class<?>> type : types.entrySet()) {
      Object value = members.get(type.getKey());
      if (value == null && required) {
        throw new Malformed("the member " + type.getKey() + " is missing");
      }
      if (value != null && !type.getValue().isInstance(value)) {
        throw new Malformed("the member " + type.getKey() + " is of a wrong type");
      }
    }
  }

  boolean bool(String member) {
    return (Boolean) required(member);
  }

  String text(String member) {
    return (String) required(member);
  }

  long number(String member) {
    return (Long) required(member);
  }

  Optional<String> optionalText(String member) {
    return Optional.ofNullable((String) members.get(member));
  }

  private Object required(String member) {
    return Objects.requireNonNull(members.get(member), member);
  }
}
