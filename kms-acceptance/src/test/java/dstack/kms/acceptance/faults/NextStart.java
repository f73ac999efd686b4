package dstack.kms.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.acceptance.Background;
import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.Program;
import dstack.kms.testkit.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a start after a fault must find: the keys that were published, or none at all. */
enum NextStart {
  /** There were no keys, and set-up made a set of them. */
  OFFERED_SET_UP,
  /** There was a complete set, and the node serves it. */
  SERVED;

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final List<String> SEVEN =
      List.of(
          "root-ca.key",
          "root-k256.key",
          "tmp-ca.key",
          "rpc.key",
          "root-ca.crt",
          "tmp-ca.crt",
          "rpc.crt");

  /** Starts the program from what a fault left. */
  static NextStart from(Host host, Path certs, Optional<String> published) {
    seenByTheOriginal(certs);
    Node node = new Node(host, certs);
    try (Background program = node.start()) {
      boolean empty = program.await(Node.SETTING_UP + "|" + Node.READY).contains(Node.SETTING_UP);
      if (empty) {
        assertThat(published).as("published, and its keys are gone").isEmpty();
        JsonNode answer = JSON.readTree(node.bootstrapped());
        assertThat(publicKeyOf(certs)).isEqualTo(answer.get("ca_pubkey").stringValue());
      } else {
        serves(node, certs, published);
      }
      assertThat(program.output()).doesNotContain("\tat ");
      program.kill();
      return empty ? OFFERED_SET_UP : SERVED;
    }
  }

  /** Checks what a node that serves says of its keys. */
  static void serves(Node node, Path certs, Optional<String> published) {
    JsonNode meta = JSON.readTree(node.meta());
    published.map(JSON::readTree).ifPresent(answer -> matches(answer, meta, certs));
  }

  private static void matches(JsonNode answer, JsonNode meta, Path certs) {
    assertThat(meta.get("k256_pubkey")).isEqualTo(answer.get("k256_pubkey"));
    if (answer.has("ca_pubkey")) { // of Bootstrap; Onboard tells no more than the other key
      assertThat(meta.get("bootstrap_info")).isEqualTo(answer);
      assertThat(publicKeyOf(certs)).isEqualTo(answer.get("ca_pubkey").stringValue());
    }
  }

  /** Where both root keys are, every version of the original takes the set as complete. */
  private static void seenByTheOriginal(Path certs) {
    if (SEVEN.stream().limit(2).allMatch(name -> Files.exists(certs.resolve(name)))) {
      assertThat(SEVEN).allSatisfy(name -> assertThat(certs.resolve(name)).isNotEmptyFile());
    }
  }

  private static String publicKeyOf(Path certs) {
    String key = certs.resolve("root-ca.key").toString();
    String openssl = Tool.require("openssl").toString();
    String hex = "\"$0\" pkey -in \"$1\" -pubout -outform DER | od -An -v -tx1 | tr -d ' \\n'";
    return Program.run(List.of("sh", "-c", hex, openssl, key)).success();
  }
}
