package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.secret.Secret;
import dstack.kms.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The key vectors, computed by two libraries that are not ours. */
public final class KeyVectors {
  private KeyVectors() {}

  /** The whole document. */
  public static JsonNode document() {
    return Vectors.json("keys.json");
  }

  /** The items of one of its arrays. */
  public static Stream<JsonNode> each(String array) {
    return document().get(array).valueStream();
  }

  /** A field of hexadecimal digits. */
  public static Bytes bytes(JsonNode node, String field) {
    return Bytes.fromHex(node.get(field).stringValue());
  }

  /** A field of text. */
  public static String text(JsonNode node, String field) {
    return node.get(field).stringValue();
  }

  /** A field of hexadecimal digits, as a secret. */
  public static Secret secret(JsonNode node, String field) {
    return secret(text(node, field));
  }

  /** Hexadecimal digits as a secret. */
  public static Secret secret(String hex) {
    return Secret.takeOver(Bytes.fromHex(hex).toArray());
  }

  /** A text as a secret. */
  public static Secret secretText(String text) {
    return Secret.takeOver(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The content of a secret, for comparison. */
  public static String hex(Secret secret) {
    return secret.expose(raw -> Bytes.of(raw).hex());
  }
}
