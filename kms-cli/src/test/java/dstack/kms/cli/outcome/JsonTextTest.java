package dstack.kms.cli.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** JSON that a person may have on a terminal, with the words of others in it. */
final class JsonTextTest {
  private record Answer(String error, int status) {}

  @Test
  void leavesOrdinaryTextAlone() {
    assertThat(JsonText.of(new Answer("a \"b\" \\ é 漢 😀 $1", 3)))
        .isEqualTo("{\"error\":\"a \\\"b\\\" \\\\ é 漢 😀 $1\",\"status\":3}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n",
        "\t",
        "\u0000",
        "\u001b[2J",
        "\u007f",
        "\u0085",
        "\u009b2J",
        "\u2028",
        "\u2029",
        "\u202e",
        "\u2066",
        "\u200b",
        "\ufeff",
        "\udb40\udc01",
        "\ud800",
      })
  void escapesWhatATerminalWouldObeyAndLosesNothing(String steering) {
    String json = JsonText.of(Map.of("reason", "denied" + steering + "allowed"));

    assertThat(json).doesNotContainPattern("[\\p{C}\\p{Zl}\\p{Zp}]");
    assertThat(JsonMapper.shared().readTree(json).get("reason").stringValue())
        .isEqualTo("denied" + steering + "allowed");
  }
}
