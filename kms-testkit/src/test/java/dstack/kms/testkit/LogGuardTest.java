package dstack.kms.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class LogGuardTest {
  private static final Logger log = LoggerFactory.getLogger(LogGuardTest.class);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "key: -----BEGIN PRIVATE KEY-----\nMIG",
        "-----BEGIN EC PRIVATE KEY-----",
        "posting to https://user:pass@auth.example/x",
        "posting to http://token@10.0.0.1:8000",
        "GET /admin?x=1&token=abc",
        "Authorization: Bearer abcdefgh12345678",
      })
  void t39_findsTheFormsThatOnlySecretsHave(String line) {
    log.debug("{}", line);

    assertThat(LogGuard.takeViolations()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-----BEGIN CERTIFICATE-----",
        "-----BEGIN PUBLIC KEY-----",
        "posting to https://***@auth.example/x",
        "posting to https://auth.example/a@b",
        "mail to operator@example.org",
        "app_id 5bb4ff9a3837357f19dc176407a5709c62eb6c56",
      })
  void letsOtherTextPass(String line) {
    log.debug("{}", line);

    assertThat(LogGuard.takeViolations()).isEmpty();
  }

  @Test
  void t39_findsASecretThatTheTestNamedInEitherCase() {
    LogGuard.forbid("00c0ffee00c0ffee");

    log.trace("derived {}", "00C0FFEE00C0FFEE");

    assertThat(LogGuard.takeViolations())
        .isEqualTo(List.of(log.getName() + " logged a secret that the test named"));
  }

  @Test
  void t39_looksIntoExceptionsAsWell() {
    log.warn("failed", new IllegalStateException("ftp://a:b@c", new RuntimeException("inner")));

    assertThat(LogGuard.takeViolations()).hasSize(1);
  }

  @Test
  void t39_failsTheTestThatLoggedASecret() {
    log.info("-----BEGIN PRIVATE KEY-----");

    assertThatThrownBy(LogGuardExtension::failOnViolations)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(log.getName())
        .hasMessageNotContaining("MIG");
  }

  @Test
  void capturesWhatIsLoggedWhileItIsOpen() {
    List<String> lines;
    try (LogCapture capture = new LogCapture()) {
      log.info("first {}", 1);
      lines = capture.lines();
    }
    log.info("second");

    assertThat(lines).containsExactly("INFO first 1");
  }
}
