package dstack.kms.cli.manual;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What groff, bash and zsh make of what is written for them. */
final class ManualTest {
  /**
   * Presses Tab in an interactive zsh, and prints the line that is there then. The quotes in the
   * word for readiness tell what zsh prints from the echo of what was typed.
   */
  private static final String ZSH =
      """
      zmodload zsh/zpty
      zpty z zsh -f -i
      zpty -w z "PS1=; unsetopt beep; $1"
      zpty -w z 'show() { print -r -- "<$BUFFER>"; zle send-break }; zle -N show'
      zpty -w z 'bindkey "^X" show; print rea""dy'
      zpty -r z said '*ready*'
      zpty -w -n z "$2"$'\\t'$'\\x18'
      zpty -r z said '*<*>*'
      print -r -- "${${said##*<}%%>*}"
      zpty -d z
      """;

  @TempDir private Path folder;

  @BeforeEach
  void write() {
    Run run = Run.of("manual", "--out", folder.toString());
    assertThat(run.status()).as(run.err()).isZero();
  }

  private static String output(String input, List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text;
  }

  private List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("man/man1"))) {
      return files.sorted().toList();
    }
  }

  private static String rendered(Path page) throws Exception {
    String groff = Tool.require("groff").toString();
    return output("", List.of(groff, "-man", "-ww", "-Tascii", "-P-cbu", page.toString()));
  }

  @Test
  void hasAPageForEveryCommandWithoutAWarningOfGroff() throws Exception {
    List<String> names = new ArrayList<>();
    for (Path page : pages()) {
      names.add(String.valueOf(page.getFileName()));
      assertThat(rendered(page))
          .doesNotContain("warning:")
          .contains("NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS");
    }
    assertThat(names)
        .contains("kms.1", "kms-serve.1", "kms-verify-quote.1", "kms-backup-restore.1")
        .hasSizeGreaterThan(25);
  }

  @Test
  void saysWhatTheHelpSays() throws Exception {
    String page = rendered(folder.resolve("man/man1/kms-verify-quote.1")).replaceAll("\\s+", " ");
    String help = Run.of("verify", "quote", "--help").out();
    for (String option : List.of("--collateral", "--pccs", "--root-ca", "--now", "--json")) {
      assertThat(help).contains(option);
      assertThat(page).contains(option);
    }
    assertThat(page).contains("kms verify quote", "kms-verify-attestation(1)");
  }

  @Test
  void showsDotsQuotesAndBackslashesAsTheyAre() throws Exception {
    String page =
        new Roff()
            .macro("TH", "X", "1", "", "kms", "dstack KMS")
            .macro("SH", "A \"B\"")
            .line(".TH is no macro here")
            .line("'nor \\fBthis\\fR --option")
            .toString();
    Path file = Files.writeString(folder.resolve("x.1"), page);
    assertThat(rendered(file))
        .contains("A \"B\"", ".TH is no macro here", "'nor \\fBthis\\fR --option");
  }

  private String completions(String script, String... words) throws Exception {
    List<String> quoted = Stream.of(words).map(word -> "'" + word + "'").toList();
    return output(
        "source "
            + script
            + "\nCOMP_WORDS=("
            + String.join(" ", quoted)
            + ")\nCOMP_CWORD="
            + (words.length - 1)
            + "\nCOMP_TYPE=9\n_complete_kms\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n",
        List.of(Tool.require("bash").toString(), "--norc"));
  }

  @ParameterizedTest
  @CsvSource({
    "kms ver, verify",
    "kms verify qu, quote",
    "kms verify quote --pc, --pccs",
    "kms doc, doctor",
    "kms backup cre, create",
    "kms completion ba, bash",
  })
  void completesWordsInBash(String line, String word) throws Exception {
    String script = folder.resolve("bash-completion/completions/kms").toString();
    assertThat(completions(script, line.split(" ", -1)).lines().map(String::strip)).contains(word);
  }

  @Test
  void completesNothingForAWordThatNoCommandBeginsWith() throws Exception {
    String script = folder.resolve("bash-completion/completions/kms").toString();
    assertThat(completions(script, "kms", "zzz").strip()).isEmpty();
  }

  /** What an interactive zsh makes of a line when Tab is pressed, the first time in its session. */
  private String completedByZsh(String before, String line) throws Exception {
    Path driver = Files.writeString(folder.resolve("drive.zsh"), ZSH);
    String zsh = Tool.require("zsh").toString();
    return output("", List.of(zsh, "-f", driver.toString(), before, line)).strip();
  }

  @ParameterizedTest
  @CsvSource({
    "kms ver, kms verify",
    "kms verify qu, kms verify quote",
    "kms verify quote --pc, kms verify quote --pccs",
    "kms backup cre, kms backup create",
    "kms gov safe-ha, kms gov safe-hash",
    "kms zzz, kms zzz",
  })
  void completesWordsInZshFromItsFolderOfFunctions(String line, String completed) throws Exception {
    String before =
        "fpath=("
            + folder.resolve("zsh/site-functions")
            + " $fpath); autoload -Uz compinit;"
            + " compinit -u -D";
    assertThat(completedByZsh(before, line)).isEqualTo(completed);
  }

  @Test
  void completesWordsInZshThatSourcedTheScript() throws Exception {
    Path script = Files.writeString(folder.resolve("sourced"), Run.of("completion", "zsh").out());
    String before = "autoload -Uz compinit; compinit -u -D; source " + script;
    assertThat(completedByZsh(before, "kms verify qu")).isEqualTo("kms verify quote");
    assertThat(completedByZsh("autoload -Uz compinit; compinit -u -D", "kms verify qu"))
        .as("without the script")
        .isEqualTo("kms verify qu");
  }

  @Test
  void printsTheSameScript() throws IOException {
    assertThat(Run.of("completion", "bash").out())
        .isEqualTo(Files.readString(folder.resolve("bash-completion/completions/kms")));
    assertThat(Run.of("completion", "zsh").out()).startsWith("#compdef kms\n");
    assertThat(Run.of("completion", "fish").status()).isEqualTo(2);
  }

  @Test
  void printsTheInterfaceAsOpenApi() {
    assertThat(Run.of("openapi").out()).startsWith("{").contains("\"openapi\" : \"3.1.0\"");
  }
}
