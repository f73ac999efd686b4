package dstack.kms.cli.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

final class RefusalReporterTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private record Code(String code, RefusalKind kind) implements RefusalCode {}

  private int run(RuntimeException thrown, String... arguments) {
    Callable<Integer> failing =
        () -> {
          throw thrown;
        };
    CommandSpec command =
        CommandSpec.wrapWithoutInspection(failing)
            .addOption(OptionSpec.builder("--json").type(boolean.class).build());
    return new CommandLine(command)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .setExecutionExceptionHandler(new RefusalReporter())
        .execute(arguments);
  }

  private static RefusalException refusal(RefusalKind kind) {
    return new RefusalException(new Code("some-code", kind), "inner cause").within("outer step");
  }

  @ParameterizedTest
  @CsvSource({"REFUSED, 1", "INVALID, 1", "UNAVAILABLE, 3"})
  void endsWithTheStatusOfTheKindOfRefusal(RefusalKind kind, int status) {
    assertThat(run(refusal(kind))).isEqualTo(status);
    assertThat(run(refusal(kind), "--json")).isEqualTo(status);
  }

  @Test
  void saysARefusalInOneSentence() {
    run(refusal(RefusalKind.REFUSED));

    assertThat(err).hasToString("kms: outer step: inner cause\n");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void showsTheOperatorsDetailOnALineOfItsOwn() {
    Code code = new Code("some-code", RefusalKind.REFUSED);

    run(new RefusalException(code, "no answer", "connect to 127.0.0.1:1\nrefused"));

    assertThat(err).hasToString("kms: no answer\n  connect to 127.0.0.1:1 refused\n");
  }

  @Test
  void answersJsonOnStandardOutputOnly() {
    run(refusal(RefusalKind.REFUSED), "--json");

    assertThat(out).hasToString("{\"error\":\"outer step: inner cause\",\"code\":\"some-code\"}\n");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void keepsForeignControlCharactersOutOfTheTerminal() {
    Code code = new Code("some-code", RefusalKind.REFUSED);

    run(new RefusalException(code, "name \u001b[2J\nforged line"));

    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).doesNotContain("\u001b");
  }

  @Test
  void tellsABugInOneSentenceWithoutAStackTrace() {
    int status = run(new IllegalStateException("broken\ninvariant"));

    assertThat(status).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("kms: internal error: java.lang.IllegalStateException: broken invariant")
        .doesNotContain("\tat ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void tellsABugToProgramsAsWell() {
    run(new IllegalStateException("broken"), "--json");

    assertThat(out.toString())
        .isEqualTo(
            "{\"error\":\"internal error: java.lang.IllegalStateException: broken\","
                + "\"code\":\"internal-error\"}\n");
  }
}
