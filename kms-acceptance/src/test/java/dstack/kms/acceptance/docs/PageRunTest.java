package dstack.kms.acceptance.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.testkit.docs.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A page that does not work is found, whichever way it does not. */
final class PageRunTest {
  private static Page page(String... lines) {
    return new Page("page.md", String.join("\n", lines).replace("~~~", "```"));
  }

  private static int run(String... lines) {
    return PageRun.of(page(lines));
  }

  @Test
  void goesThroughAPageThatWorks() {
    int blocks =
        run(
            "<!-- run -->",
            "~~~",
            "NAME=reader",
            "cd ..",
            "~~~",
            "<!-- run -->",
            "~~~",
            "$ echo $NAME $PWD",
            "reader /tmp/r…",
            "$ printf 'a\\nb\\nc\\n'",
            "a",
            "…",
            "~~~",
            "<!-- file: some.toml -->",
            "~~~toml",
            "[a]",
            "~~~");
    assertThat(blocks).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "false",
        "false; true",
        "no-such-program",
        "curl -sf http://127.0.0.1:1/",
        "false | cat",
        "exit 3",
        "echo x >/etc/x",
        "curl -s --max-time 5 http://example.com/",
      })
  void findsACommandThatDoesNotWork(String command) {
    assertThatThrownBy(() -> run("<!-- run -->", "~~~", command, "~~~"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("page.md:2: status ")
        .hasMessageContaining(command);
  }

  @Test
  void findsACommandThatIsToFailAndDoesNot() {
    assertThat(run("<!-- run: exit 1 -->", "~~~", "true", "(exit 1)", "~~~")).isEqualTo(1);
    assertThatThrownBy(() -> run("<!-- run: exit 1 -->", "~~~", "true", "~~~"))
        .hasMessageContaining("status 0 instead of 1");
  }

  @ParameterizedTest
  @CsvSource({
    "one, two",
    "one, 'one\ntwo'",
    "'one\ntwo', one",
    "on…, two",
    "o…e, one two",
    "'', one"
  })
  void findsAnAnswerThatIsAnother(String shown, String printed) {
    assertThat(Dialogue.shows(shown, printed)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "one, one",
    "o…e, one",
    "…, one",
    "…, ''",
    "'one\n…\nfour', 'one\ntwo\nthree\nfour'",
    "'one\n…\nfour', 'one\nfour'",
    "'…\nfour', 'one\nfour'",
    "'one\n…', one",
    "a[b.*c, a[b.*c",
  })
  void takesAnEllipsisForAnything(String shown, String printed) {
    assertThat(Dialogue.shows(shown, printed)).isTrue();
  }

  @Test
  void findsAnAnswerThatIsNotOnThePage() {
    assertThatThrownBy(
            () ->
                run(
                    "<!-- run -->",
                    "~~~",
                    "echo one",
                    "~~~",
                    "",
                    "<!-- output -->",
                    "~~~",
                    "two",
                    "~~~"))
        .hasMessageContaining("page.md:7: the page shows")
        .hasMessageContaining("one");
  }

  @Test
  void findsAProgramThatEndsOrNeverSaysThatItIsReady() {
    assertThatThrownBy(
            () -> run("<!-- run: background until \"ready\" -->", "~~~", "echo no; exit 4", "~~~"))
        .hasMessageContaining("status 1 instead of 0")
        .hasMessageContaining("no");
  }

  @Test
  void endsWhatWasStartedLastAtCtrlC() {
    int blocks =
        run(
            "<!-- run: background until \"ready\" -->",
            "~~~",
            "echo ready; sleep 600; touch ~/was-not-ended",
            "~~~",
            "<!-- run: after Ctrl-C -->",
            "~~~",
            "[ -z \"$(jobs -r)\" ] && [ ! -e ~/was-not-ended ]",
            "~~~");
    assertThat(blocks).isEqualTo(2);
  }

  @Test
  void answersQuestionsAtATerminal() {
    String ask = "bash -c 'read -p \"sure? \" a; [ -t 1 ] && [ \"$a\" = y ]'";
    assertThat(run("<!-- run: answering \"y\" -->", "~~~", ask, ask, "~~~")).isEqualTo(1);
    assertThatThrownBy(() -> run("<!-- run: answering \"n\" -->", "~~~", ask, "~~~"))
        .hasMessageContaining("sure?");
  }

  @Test
  void findsAVariableForWhichTheTestHasNoValue() {
    assertThatThrownBy(() -> run("<!-- yours -->", "~~~", "export SOME_URL=https://…", "~~~"))
        .hasMessageContaining("SOME_URL");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!-- not run -->",
        "<!-- not run: too slow -->",
        "<!-- run: exit 0 -->",
        "<!-- run: -->",
        "<!-- run: background until ready -->",
        "<!-- ran -->",
        "<!-- file: ../x -->",
      })
  void refusesARemarkThatNobodyKnows(String remark) {
    assertThatThrownBy(() -> run(remark, "~~~", "true", "~~~"))
        .hasMessageContaining("page.md:2: nobody knows what " + remark);
  }

  @ParameterizedTest
  @CsvSource({
    "dstack.kms.cli.NoSuchTest, kms serve, there is no",
    "dstack.kms.acceptance.DevCheckTest, kms gov deploy, does not say deploy",
    "docs/none.md, true, there is no",
  })
  void findsATestThatDoesNotRunWhatTheBlockSays(String name, String command, String problem) {
    Page.Block block =
        page("<!-- run by " + name + " -->", "~~~", command, "~~~").blocks().getFirst();
    assertThat(RunElsewhere.problems(block)).hasSize(1).first().asString().contains(problem);
  }
}
