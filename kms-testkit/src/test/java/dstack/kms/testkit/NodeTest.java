package dstack.kms.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class NodeTest {
  @Test
  void computesAComposeHashWithTheSdkOfTheOriginal() {
    String hash =
        Node.run(
            """
            import { getComposeHash } from '@phala/dstack-sdk/get-compose-hash';
            console.log(getComposeHash(JSON.parse(process.argv[1])));
            """,
            "{\"runner\":\"docker-compose\",\"name\":\"x\",\"docker_compose_file\":\"a\"}");

    assertThat(hash).isEqualTo("6218e5b3d2dc0b3fb051793544581315341217cd953fc8f29a2ac907711a4d02");
  }

  @Test
  void failsTheTestWithTheErrorTextWhenTheScriptFails() {
    Node.packages(); // without them every script leaves the test out
    assertThatThrownBy(() -> Node.run("throw new Error('as planned')"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("as planned");
  }
}
