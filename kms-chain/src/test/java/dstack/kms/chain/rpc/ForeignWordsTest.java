package dstack.kms.chain.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What contracts and endpoints say, in a log. */
final class ForeignWordsTest {
  @Test
  void leavesPrintableTextAsItIs() {
    assertThat(ForeignWords.shown("Gerät nicht erlaubt \u2713"))
        .isEqualTo("Gerät nicht erlaubt \u2713");
  }

  @Test
  void t39_beginsNoLineOfItsOwnAndMovesNoCursor() {
    assertThat(ForeignWords.shown("no\n2026 INFO allowed\r\u001b[2K\u2028\u202e\u0085\ud800"))
        .isEqualTo("no?2026 INFO allowed??[2K????");
  }

  @Test
  void cutsWhatIsLong() {
    assertThat(ForeignWords.shown("x".repeat(100_000))).hasSize(2048);
  }
}
