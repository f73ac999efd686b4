package dstack.kms.cli.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

final class LogFilterTest {
  @Test
  void readsALevelForEverything() {
    assertThat(LogFilter.parse("info").levels()).isEqualTo(Map.of("", Optional.of(Level.INFO)));
  }

  @Test
  void readsLevelsInAnyCaseAndWithSpaces() {
    assertThat(LogFilter.parse(" WARN , dstack.kms=Debug").levels())
        .isEqualTo(Map.of("", Optional.of(Level.WARN), "dstack.kms", Optional.of(Level.DEBUG)));
  }

  @Test
  void takesTheRustNameOfTheServerForThisProgram() {
    assertThat(LogFilter.parse("dstack_kms::onboard=debug,dstack_kms=warn").levels())
        .isEqualTo(
            Map.of(
                "dstack.kms.onboard", Optional.of(Level.DEBUG),
                "dstack.kms", Optional.of(Level.WARN)));
  }

  @Test
  void takesANameAloneForEverythingOfThatPart() {
    assertThat(LogFilter.parse("ra_rpc").levels())
        .isEqualTo(Map.of("ra_rpc", Optional.of(Level.TRACE)));
  }

  @Test
  void readsOffAsALevel() {
    assertThat(LogFilter.parse("off,io.netty=off").levels())
        .isEqualTo(Map.of("", Optional.empty(), "io.netty", Optional.empty()));
  }

  @Test
  void ignoresEmptyDirectives() {
    assertThat(LogFilter.parse(",,").levels()).isEmpty();
    assertThat(LogFilter.parse(",,").unread()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a[span]=info", "a=loud", "=info", "a=", "a b=info", "a=b=info"})
  void listsADirectiveThatItCannotRead(String directive) {
    LogFilter filter = LogFilter.parse("warn," + directive);

    assertThat(filter.unread()).containsExactly(directive);
    assertThat(filter.levels()).isEqualTo(Map.of("", Optional.of(Level.WARN)));
  }
}
