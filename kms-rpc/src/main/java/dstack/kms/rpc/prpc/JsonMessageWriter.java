package dstack.kms.rpc.prpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dstack.kms.rpc.proto.KmsWire;
import java.util.List;

/**
 * Writes messages as JSON (specification 01 §4): every field under its proto name in declaration
 * order, bytes as hex, 64-bit numbers as numbers, absent optionals and messages as {@code null}.
 */
final class JsonMessageWriter {
  private final JsonText out;

  private JsonMessageWriter(JsonText out) {
    this.out = out;
  }

  /** The JSON of a message; {@code null} for {@code google.protobuf.Empty}. */
  static JsonText write(Message message) {
    JsonText out = new JsonText();
    if (MessageCodec.isEmptyType(message)) {
      return out.raw("null");
    }
    new JsonMessageWriter(out).object(message);
    return out;
  }

  private void object(Message message) {
    out.raw("{");
    String separator = "";
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      out.raw(separator);
      member(field.getName(), field, message);
      String twin = field.getOptions().getExtension(KmsWire.jsonTwin);
      if (!twin.isEmpty()) {
        out.raw(",");
        member(twin, field, message);
      }
      separator = ",";
    }
    out.raw("}");
  }

  private void member(String name, FieldDescriptor field, Message message) {
    out.string(name).raw(":");
    if (field.isRepeated()) {
      array(field, (List<?>) message.getField(field));
    } else if (field.hasPresence() && !message.hasField(field)) {
      out.raw("null");
    } else {
      value(field, message.getField(field));
    }
  }

  private void array(FieldDescriptor field, List<?> values) {
    out.raw("[");
    String separator = "";
    for (Object value : values) {
      out.raw(separator);
      value(field, value);
      separator = ",";
    }
    out.raw("]");
  }

  private void value(FieldDescriptor field, Object value) {
    switch (field.getType()) {
      case STRING -> out.string((String) value);
      case BYTES -> bytes(field, (ByteString) value);
      case UINT32 -> out.raw(Integer.toUnsignedString((Integer) value));
      case UINT64 -> out.raw(Long.toUnsignedString((Long) value));
      case BOOL -> out.raw(value.toString());
      case MESSAGE -> object((Message) value);
      default -> throw new IllegalStateException("no JSON form for the type of " + field);
    }
  }

  private void bytes(FieldDescriptor field, ByteString value) {
    if (field.getOptions().getExtension(KmsWire.jsonText)) {
      out.utf8(value);
    } else {
      out.hex(value);
    }
  }
}
