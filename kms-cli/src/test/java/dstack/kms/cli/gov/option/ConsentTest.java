package dstack.kms.cli.gov.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What a person is asked. */
final class ConsentTest {
  @Command(name = "any")
  private static final class Any {}

  private static final CommandSpec SPEC = new CommandLine(new Any()).getCommandSpec();

  @SuppressWarnings("ArrayRecordComponent") // wiped by who asked
  private record Typing(Optional<String> line, char[] secret) implements Terminal {
    @Override
    public Optional<String> ask(String question) {
      return line;
    }

    @Override
    public Optional<char[]> askSecret(String question) {
      return Optional.of(secret);
    }

    static Typing of(String line) {
      return new Typing(Optional.of(line), new char[0]);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"y", "Y", "yes", " y "})
  void goesOnWhenSomebodyAgrees(String typed) {
    assertThatCode(() -> new SendOptions(Typing.of(typed)).requireConsent(SPEC, "Send?"))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "n", "no", "yy", "yes please", "ye"})
  void sendsNothingOtherwise(String typed) {
    assertThatThrownBy(() -> new SendOptions(Typing.of(typed)).requireConsent(SPEC, "Send?"))
        .isInstanceOf(RefusalException.class)
        .hasMessage("nothing was sent");
  }

  @Test
  void saysWhatDidNotHappenAndHowToOnlyLook() {
    assertThatThrownBy(
            () ->
                new Consent(Typing.of("no"))
                    .require(SPEC, "Sign?", "nothing was signed", "look at it"))
        .isInstanceOf(RefusalException.class)
        .hasMessage("nothing was signed");
    Terminal nobody = new Typing(Optional.empty(), new char[0]);
    assertThatThrownBy(
            () -> new Consent(nobody).require(SPEC, "Sign?", "nothing was signed", "look at it"))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("--yes, or look at it");
  }

  @Test
  void sendsNothingWhenNobodyIsThere() {
    Terminal nobody = new Typing(Optional.empty(), new char[0]);

    assertThatThrownBy(() -> new SendOptions(nobody).requireConsent(SPEC, "Send?"))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("--yes");
  }

  @Test
  void takesTypedPasswordInUtf8AndWipesWhatWasTyped() {
    char[] typed = "p\u00e4ss\u20ac".toCharArray();
    Terminal terminal = new Typing(Optional.empty(), typed);

    try (Secret password = new PasswordOptions(Map.of(), terminal).read(SPEC)) {
      String read = password.expose(raw -> new String(raw, StandardCharsets.UTF_8));
      assertThat(read).isEqualTo("p\u00e4ss\u20ac");
    }
    assertThat(typed).containsOnly('\0');
  }
}
