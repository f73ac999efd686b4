package dstack.kms.cli.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others wrote, in one line of the program's own. */
final class OneLineTest {
  @Test
  void leavesOrdinaryTextAlone() {
    assertThat(OneLine.of("tab [x] {y} 'z' \\ é 漢")).isEqualTo("tab [x] {y} 'z' \\ é 漢");
    assertThat(OneLine.of(null)).isEqualTo("null");
  }

  /** Terminals take U+009B for ESC [, and U+202E turns round what follows. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n", "\r\n", "\t", "\u0000", "\u001b", "\u007f", "\u0085", "\u009b", "\u2028", "\u2029",
        "\u202e", "\u2066", "\u200b", "\ufeff", "\u061c",
      })
  void hasASpaceWhereATerminalWouldObey(String steering) {
    assertThat(OneLine.of("denied" + steering + "allowed")).isEqualTo("denied allowed");
    assertThat(OneLine.of(steering + "x" + steering)).isEqualTo("x");
  }
}
