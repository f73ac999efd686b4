package dstack.kms.cli.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.BasicConfigurator;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the program's log makes of a message that somebody else wrote. */
final class TextLogTest {
  private static String line(String message, @Nullable Throwable thrown) {
    LoggerContext context = new LoggerContext();
    ConsoleAppender<ILoggingEvent> console = TextLog.appender(context);
    LoggingEvent event =
        new LoggingEvent(
            "fqcn",
            context.getLogger("dstack.kms.Some"),
            Level.WARN,
            message,
            thrown,
            new Object[] {});
    return new String(console.getEncoder().encode(event), StandardCharsets.UTF_8);
  }

  @Test
  void leavesOrdinaryTextAndTabsAlone() {
    assertThat(line("tab\t[x] {y} 'z' \\ é 漢 \u00a0", null))
        .endsWith(" WARN  Some: tab\t[x] {y} 'z' \\ é 漢 \u00a0\n");
  }

  @Test
  void letsNoControlCharacterReachATerminal() {
    assertThat(line("a\u001b[2Jb\u0000c\u0008d\u007fe\u009b31mf\u0085g", null))
        .endsWith(" WARN  Some: a?[2Jb?c?d?e?31mf?g\n");
  }

  @Test
  void letsNobodyTurnTheDirectionOfTextOrHideIt() {
    assertThat(line("denied\u202edewolla\u2066x\u2069 \u200bb\ufeff\u2028c\u061c", null))
        .endsWith(" WARN  Some: denied?dewolla?x? ?b??c?\n");
  }

  @Test
  void cutsAMessageThatSomebodyMadeLong() {
    assertThat(line("x".repeat(100_000), null)).hasSizeLessThan(8400).contains("x".repeat(8192));
  }

  @Test
  void keepsAMessageAndItsStackTraceOnOneLine() {
    String line = line("a\r\nb\u000bc", new IllegalStateException("x\u001b]0;title\u0007\ny"));
    assertThat(line).contains("a | b?c | java.lang.IllegalStateException: x?]0;title? | y | at ");
    assertThat(line.strip()).doesNotContainPattern("[\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f]");
  }

  /** Answers go to standard output: what Logback does by itself would mix the log with them. */
  @Test
  void takesThePlaceOfLogbacksDefaultAndOfNothingElse() {
    LoggerContext unconfigured = new LoggerContext();
    BasicConfigurator basic = new BasicConfigurator();
    basic.setContext(unconfigured);
    basic.configure(unconfigured);
    Logger root = unconfigured.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    TextLog.replaceDefault(unconfigured);

    assertThat(root.iteratorForAppenders())
        .toIterable()
        .singleElement()
        .isInstanceOfSatisfying(
            ConsoleAppender.class, it -> assertThat(it.getTarget()).isEqualTo("System.err"));
    assertThat(root.getLevel()).isEqualTo(Level.INFO);

    LoggerContext configured = new LoggerContext();
    TextLog.replaceDefault(configured);
    assertThat(configured.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).iteratorForAppenders())
        .isExhausted();
  }
}
