package dstack.kms.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.testkit.ProjectRoot;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A host that writes what it likes into {@code .user-config} changes listed values, nothing else.
 */
final class PrelaunchTest {
  private static final Path SHIPPED = ProjectRoot.path().resolve("deploy/gcp/prelaunch.sh");
  private static final String LISTED = "EXECUTION_RPC DD_API_KEY DD_TAGS";
  private static final String KEY = "0123456789abcdef0123456789abcdef";

  @TempDir private Path folder;

  private record Ended(int status, List<String> env, String err) {
    List<String> added() {
      return env.subList(7, env.size());
    }
  }

  @BeforeEach
  void needJq() {
    Tool.require("jq");
  }

  private Ended run(String allowed, String userConfig) throws IOException, InterruptedException {
    Path config = Files.writeString(folder.resolve(".user-config"), userConfig);
    String script = Files.readString(SHIPPED);
    assertThat(script).contains("\nALLOWED=\"\"\n");
    Path file =
        Files.writeString(
            folder.resolve("prelaunch.sh"),
            script.replace("\nALLOWED=\"\"\n", "\nALLOWED=\"" + allowed + "\"\n"));
    ProcessBuilder builder = new ProcessBuilder("sh", file.toString()).directory(folder.toFile());
    builder.environment().put("USER_CONFIG", config.toString());
    Process process = builder.start();
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), Files.readAllLines(folder.resolve(".env")), err);
  }

  @Test
  void writesTheMeasuredValuesFirst() throws Exception {
    Ended ended = run("", "{}");

    assertThat(ended.env())
        .hasSize(7)
        .contains("KMS_HTTPS_PORT=12001", "AUTH_HTTP_PORT=18000", "KMS_OPERATIONS_PORT=8002")
        .contains("CHAIN_ID=84532")
        .allMatch(line -> line.matches("[A-Z_]+=\\S+"));
    assertThat(ended.status()).isZero();
  }

  @Test
  void takesListedKeysAsTheyAre() throws Exception {
    Ended ended =
        run(LISTED, "{\"EXECUTION_RPC\":\"https://x/a?b=$HOME&c=`id`#\",\"DD_TAGS\":\"a b,c:%d\"}");

    assertThat(ended.added())
        .containsExactly("EXECUTION_RPC='https://x/a?b=$HOME&c=`id`#'", "DD_TAGS='a b,c:%d'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"KMS_IMAGE\":\"evil\",\"COMPOSE_FILE\":\"evil\",\"PATH\":\"evil\"}",
        "{\"execution_rpc\":\"evil\",\"EXECUTION_RPC \":\"evil\",\"EXECUTION_RPC=x\\n"
            + "KMS_IMAGE\":\"evil\"}",
        "{\"EXECUTION_RPC\":null,\"DD_TAGS\":{\"a\":\"evil\"}}",
        "{\"EXECUTION_RPC\":[\"evil\"],\"DD_TAGS\":1}",
        "{\"EXECUTION_RPC\":\"\"}",
        "{\"EXECUTION_RPC\":\"a' evil\"}",
        "{\"EXECUTION_RPC\":\"evil\\\\\"}",
        "{\"EXECUTION_RPC\":\"\\\\evil\"}",
        "{\"EXECUTION_RPC\":\"a\"} {\"EXECUTION_RPC\":\"KMS_IMAGE=evil\"}",
        "[\"EXECUTION_RPC\"]",
        "\"evil\"",
        "EXECUTION_RPC=evil",
        "{\"EXECUTION_RPC\":\"evil\"",
        "{} {\"EXECUTION_RPC\":\"evil\"} x",
        "",
      })
  void addsNothingForAnythingElse(String userConfig) throws Exception {
    Ended ended = run(LISTED, userConfig);

    assertThat(ended.added()).isEmpty();
    assertThat(ended.status()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\\nKMS_IMAGE=evil",
        "a\\r\\nKMS_IMAGE=evil",
        "\\nKMS_IMAGE=evil",
        "a\\u0000KMS_IMAGE=evil",
        "a\\u001bKMS_IMAGE=evil",
        "a\\fKMS_IMAGE=evil"
      })
  void aValueStaysOneLine(String value) throws Exception {
    Ended ended = run(LISTED, "{\"EXECUTION_RPC\":\"" + value + "\"}");

    assertThat(ended.added()).hasSize(1);
    assertThat(ended.added().getFirst()).matches("EXECUTION_RPC='a?KMS_IMAGE=evil'");
  }

  /**
   * Compose takes a quote behind a backslash as part of the value: this value would end at the
   * quote that opens the next one, whose text would be read as a variable of its own, and the last
   * counts.
   */
  @ParameterizedTest
  @ValueSource(strings = {"\\\\", "https://x.example\\\\", "\\\\\\\\", "\\u005c"})
  void noValueReachesIntoTheNext(String value) throws Exception {
    String next = " KMS_CONTRACT_ADDR=0xevil #";
    Ended ended = run(LISTED, "{\"EXECUTION_RPC\":\"" + value + "\",\"DD_TAGS\":\"" + next + "\"}");

    assertThat(ended.added()).containsExactly("DD_TAGS='" + next + "'");
    assertThat(ended.err()).contains("EXECUTION_RPC contains a single quote or a backslash");
    assertThat(ended.status()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"KMS_IMAGE", "KMS_CONTRACT_ADDR", "CHAIN_ID", "ETH_RPC_URL"})
  void whatIsMeasuredCannotBeListedAsWell(String key) throws Exception {
    Ended ended = run(key, "{\"" + key + "\":\"evil\"}");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err()).contains(key + " is set above");
    assertThat(ended.added()).isEmpty();
  }

  @Test
  void takesADatadogKeyOfTheRightForm() throws Exception {
    assertThat(run(LISTED, "{\"DD_API_KEY\":\"" + KEY + "\"}").added())
        .containsExactly("DD_API_KEY='" + KEY + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pub", "", "a", "é"})
  void namesADatadogKeyOfTheWrongFormWithoutItsValue(String prefix) throws Exception {
    String wrong = prefix.isEmpty() ? KEY.substring(1) : prefix + KEY;
    Ended ended = run(LISTED, "{\"DD_API_KEY\":\"" + wrong + "\"}");

    assertThat(ended.added()).isEmpty();
    assertThat(ended.err())
        .contains("DD_API_KEY must be exactly 32")
        .doesNotContain(KEY.substring(1));
  }
}
