package dstack.kms.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class ProgramTest {
  @Test
  void showsItsCommandsAsWrongUsageWhenNothingIsAsked() {
    Run run = Run.of();

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("Usage: kms ").contains("3 a needed service was unreachable");
  }

  @Test
  void answersHelpOnStandardOutput() {
    Run run = Run.of("--help");

    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("Usage: kms ");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void namesItsVersionAndCommit() {
    Run run = Run.of("--version");

    assertThat(run.status()).isZero();
    assertThat(run.out())
        .matches("kms v\\d+\\.\\d+\\.\\d+ \\((git:[0-9a-f]{20}(-modified)?|unknown)\\)\n");
  }

  @Test
  void doesNotEndWellIfItsAnswerWasLost() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int value) throws IOException {
            throw new IOException("no space left on device");
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream said = new PrintStream(err, true, StandardCharsets.UTF_8);
    PrintStream lost = new PrintStream(full, true, StandardCharsets.UTF_8);

    assertThat(new Program(lost, said, Map.of()).run("--version")).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("kms: standard output cannot be written\n");
    assertThat(new Program(lost, said, Map.of()).run("0x0")).isEqualTo(2);
  }

  @Test
  void answersAnUnknownCommandWithOneSentenceAndTheHelpToRead() {
    Run run = Run.of("0x0");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("0x0").endsWith("see: kms --help\n");
    assertThat(run.err().lines()).hasSize(2);
  }

  @Test
  void namesTheCommandThatAMisspeltOneMayHaveMeant() {
    Run run = Run.of("get-kays");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("get-kays", "Did you mean", "kms get-keys");
    assertThat(run.err().lines()).hasSize(3);
  }

  @Test
  void printsForeignTextOfACommandLineOnOneLine() {
    Run run = Run.of("a\nb\u001b[31m");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(2);
    assertThat(run.err()).doesNotContain("\u001b");
  }

  /** Words that begin with a command make that command alone. */
  @Test
  void helpsWithEachCommandAloneAsAmongAllOfThem() {
    Map<String, CommandLine> all = CommandModel.fresh().getSubcommands();

    assertThat(all).hasSizeGreaterThan(15);
    all.forEach(
        (name, command) -> {
          assertThat(command.getCommandSpec().name()).isEqualTo(name);
          Run help = Run.of(name, "--help");
          assertThat(help.status()).as(name).isZero();
          assertThat(help.out()).as(name).isEqualTo(command.getUsageMessage());
        });
  }
}
