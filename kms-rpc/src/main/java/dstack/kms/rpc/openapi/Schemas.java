package dstack.kms.rpc.openapi;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Empty;
import dstack.kms.rpc.proto.KmsWire;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * JSON Schemas of messages. What is sent may leave fields out and write bytes with 0x; what is
 * answered has every field. So there are two schemas for a message that goes both ways.
 */
final class Schemas {
  private static final BigInteger UINT32_MAX = BigInteger.TWO.pow(32).subtract(BigInteger.ONE);
  private static final BigInteger UINT64_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

  private final Map<String, Object> components = new TreeMap<>();

  /** A reference to what a client sends. */
  Map<String, Object> request(Descriptor type) {
    if (type.getFullName().equals(Empty.getDescriptor().getFullName())) {
      return Ordered.of("description", "Nothing; whatever is sent is ignored.");
    }
    return reference(type, false);
  }

  /** A reference to what the server answers. */
  Map<String, Object> response(Descriptor type) {
    return reference(type, true);
  }

  /** All schemas that were referred to. */
  Map<String, Object> components() {
    return components;
  }

  /** The schema of one field of a request, for a query. */
  Map<String, Object> inQuery(FieldDescriptor field) {
    return scalar(field, false);
  }

  private Map<String, Object> reference(Descriptor type, boolean answer) {
    String name = type.getName();
    if (!components.containsKey(name)) {
      components.put(name, Ordered.of()); // a message that contains itself ends here
      components.put(name, object(type, answer));
    }
    return Ordered.of("$ref", "#/components/schemas/" + name);
  }

  private Map<String, Object> object(Descriptor type, boolean answer) {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (FieldDescriptor field : type.getFields()) {
      properties.put(field.getName(), member(field, answer));
      String twin = field.getOptions().getExtension(KmsWire.jsonTwin);
      if (!twin.isEmpty()) {
        properties.put(twin, member(field, answer));
      }
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    if (answer) {
      schema.put("required", List.copyOf(properties.keySet()));
      schema.put("additionalProperties", false);
    }
    return schema;
  }

  private Map<String, Object> member(FieldDescriptor field, boolean answer) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("description", FieldTexts.of(field));
    Map<String, Object> value =
        field.getType() == FieldDescriptor.Type.MESSAGE
            ? reference(field.getMessageType(), answer)
            : scalar(field, answer);
    if (field.isRepeated()) {
      schema.put("type", "array");
      schema.put("items", value);
    } else if (field.hasPresence()) {
      schema.put("anyOf", List.of(value, Ordered.of("type", "null")));
    } else {
      schema.putAll(value);
    }
    return schema;
  }

  private static Map<String, Object> scalar(FieldDescriptor field, boolean answer) {
    return switch (field.getType()) {
      case STRING -> Ordered.of("type", "string");
      case BYTES -> bytes(field, answer);
      case UINT32 -> Ordered.of("type", "integer", "minimum", 0, "maximum", UINT32_MAX);
      case UINT64 -> Ordered.of("type", "integer", "minimum", 0, "maximum", UINT64_MAX);
      case BOOL -> Ordered.of("type", "boolean");
      default -> throw new IllegalStateException("no JSON form for the type of " + field);
    };
  }

  private static Map<String, Object> bytes(FieldDescriptor field, boolean answer) {
    if (field.getOptions().getExtension(KmsWire.jsonText)) {
      return Ordered.of("type", "string");
    }
    String pattern = answer ? "^([0-9a-f]{2})*$" : "^(0x)*([0-9a-fA-F]{2})*$";
    return Ordered.of("type", "string", "pattern", pattern);
  }
}
