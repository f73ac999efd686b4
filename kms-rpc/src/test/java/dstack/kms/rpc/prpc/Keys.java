package dstack.kms.rpc.prpc;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.Vectors;
import tools.jackson.databind.JsonNode;

/** The worked example of specification 01 §4: root set A, application 1 of the key vectors. */
final class Keys {
  private Keys() {}

  static JsonNode app1() {
    return Vectors.json("keys.json").get("roots").get(0).get("apps").get(0);
  }

  static Bytes hex(JsonNode value) {
    return Bytes.fromHex(value.asString());
  }
}
