package dstack.kms.rpc.prpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dstack.kms.core.json.ForeignJson;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.proto.KmsWire;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads messages from JSON (specification 01 §4): unknown names are skipped, a known name twice is
 * refused, {@code null} stands only for an absent optional or message, and nothing may follow.
 *
 * <p>Positional arrays, which the original also takes and nobody sends, are refused.
 */
final class JsonMessageReader {
  private static final int MAX_TEXT = 32 << 20;
  private static final JsonFactory JSON =
      ForeignJson.factory(
              StreamReadConstraints.builder()
                  .maxNestingDepth(32)
                  .maxNumberLength(64)
                  .maxNameLength(1024)
                  .maxStringLength(MAX_TEXT)
                  .maxDocumentLength(MAX_TEXT)
                  .build())
          .build();

  private final JsonParser parser;

  private JsonMessageReader(JsonParser parser) {
    this.parser = parser;
  }

  /** Fills the builder from one JSON object that is the whole text. */
  static void read(char[] text, int length, Message.Builder into) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text, 0, length)) {
      JsonMessageReader reader = new JsonMessageReader(parser);
      reader.expect(parser.nextToken(), JsonToken.START_OBJECT, "the input", "an object");
      reader.members(into);
      if (parser.nextToken() != null) {
        throw new RefusalException(
            RpcRefusal.BAD_INPUT, "invalid input: trailing characters after the object");
      }
    } catch (JacksonException e) {
      throw new RefusalException(
          RpcRefusal.BAD_INPUT, "invalid input: malformed JSON", e.getOriginalMessage());
    }
  }

  private void members(Message.Builder into) {
    Set<String> seen = new HashSet<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      FieldDescriptor field = field(into, name);
      JsonToken token = parser.nextToken();
      if (field == null) {
        parser.skipChildren();
        continue;
      }
      if (!seen.add(name)) {
        throw ScalarText.malformed(name, "is there twice");
      }
      member(into, field, token);
    }
  }

  private static @Nullable FieldDescriptor field(Message.Builder into, String name) {
    FieldDescriptor exact = into.getDescriptorForType().findFieldByName(name);
    if (exact != null) {
      return exact;
    }
    for (FieldDescriptor field : into.getDescriptorForType().getFields()) {
      if (name.equals(field.getOptions().getExtension(KmsWire.jsonTwin)) && !name.isEmpty()) {
        return field;
      }
    }
    return null;
  }

  private void member(Message.Builder into, FieldDescriptor field, JsonToken token) {
    if (field.isRepeated()) {
      expect(token, JsonToken.START_ARRAY, field.getName(), "an array");
      for (JsonToken next = parser.nextToken();
          next != JsonToken.END_ARRAY;
          next = parser.nextToken()) {
        into.addRepeatedField(field, value(into, field, next));
      }
    } else if (token != JsonToken.VALUE_NULL || !field.hasPresence()) {
      into.setField(field, value(into, field, token));
    }
  }

  private Object value(Message.Builder into, FieldDescriptor field, JsonToken token) {
    String name = field.getName();
    return switch (field.getType()) {
      case STRING -> text(name, token);
      case BYTES -> bytes(field, token);
      case UINT32 -> ScalarText.uint32(name, number(name, token));
      case UINT64 -> ScalarText.uint64(name, number(name, token));
      case BOOL -> bool(name, token);
      case MESSAGE -> message(into, field, token);
      default -> throw new IllegalStateException("no JSON form for the type of " + field);
    };
  }

  private String text(String name, JsonToken token) {
    expect(token, JsonToken.VALUE_STRING, name, "a string");
    String text = parser.getString();
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw ScalarText.malformed(name, "has half a surrogate pair");
    }
    return text;
  }

  private ByteString bytes(FieldDescriptor field, JsonToken token) {
    String name = field.getName();
    expect(token, JsonToken.VALUE_STRING, name, "a string");
    char[] text = parser.getStringCharacters();
    int from = parser.getStringOffset();
    int to = from + parser.getStringLength();
    if (!field.getOptions().getExtension(KmsWire.jsonText)) {
      return ScalarText.hex(name, text, from, to);
    }
    return utf8(name, CharBuffer.wrap(text, from, to - from));
  }

  /** Copied once more, because a message keeps its bytes for itself; the first copy is wiped. */
  private static ByteString utf8(String name, CharBuffer text) {
    byte[] space = new byte[3 * text.remaining()];
    ByteBuffer utf8 = ByteBuffer.wrap(space);
    try {
      if (StandardCharsets.UTF_8.newEncoder().encode(text, utf8, true).isError()) {
        throw ScalarText.malformed(name, "has half a surrogate pair");
      }
      return ByteString.copyFrom(space, 0, utf8.position());
    } finally {
      Arrays.fill(space, (byte) 0);
    }
  }

  private String number(String name, JsonToken token) {
    expect(token, JsonToken.VALUE_NUMBER_INT, name, "an integer without fraction or exponent");
    return parser.getString();
  }

  private boolean bool(String name, JsonToken token) {
    if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
      throw ScalarText.malformed(name, "must be true or false");
    }
    return token == JsonToken.VALUE_TRUE;
  }

  private Message message(Message.Builder into, FieldDescriptor field, JsonToken token) {
    expect(token, JsonToken.START_OBJECT, field.getName(), "an object");
    Message.Builder nested = into.newBuilderForField(field);
    members(nested);
    return nested.build();
  }

  private void expect(@Nullable JsonToken found, JsonToken wanted, String name, String what) {
    if (found != wanted) {
      throw ScalarText.malformed(name, "must be " + what);
    }
  }
}
