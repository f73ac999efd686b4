package dstack.kms.sim.agent;

import dstack.kms.core.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of an answer, in both encodings at once: JSON has every field in the order of
 * declaration, protobuf leaves empty ones out. Every field of the agent is bytes or text.
 */
final class AnswerFields {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int LENGTH_DELIMITED = 2;

  private final ObjectNode json = JSON.createObjectNode();
  private final ByteArrayOutputStream proto = new ByteArrayOutputStream();

  AnswerFields bytes(int tag, String name, Bytes value) {
    json.put(name, value.hex());
    return append(tag, value);
  }

  AnswerFields text(int tag, String name, String value) {
    json.put(name, value);
    return append(tag, Bytes.utf8(value));
  }

  Bytes json() {
    return Bytes.utf8(JSON.writeValueAsString(json));
  }

  Bytes proto() {
    return Bytes.of(proto.toByteArray());
  }

  private AnswerFields append(int tag, Bytes value) {
    if (!value.isEmpty()) {
      varint(tag << 3 | LENGTH_DELIMITED);
      varint(value.length());
      proto.writeBytes(value.toArray());
    }
    return this;
  }

  private void varint(int value) {
    int rest = value;
    while (rest > 0x7f) {
      proto.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    proto.write(rest);
  }
}
