package dstack.kms.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.charset.StandardCharsets;

/**
 * Plain text without colour on standard error, one line per event: answers go to standard output,
 * and a line end inside a message or a stack trace must not start a line of its own.
 *
 * <p>Control characters, which steer terminals, and those that turn the direction of text or are
 * not seen become {@code ?}; a message is cut at 8192 characters. It is set up here and not in a
 * file, because a parser of XML takes a tenth of the time in which a server starts.
 */
final class TextLog {
  /** The name of the appender in use. */
  static final String APPENDER = "stderr";

  /** What Logback sets up by itself where it finds no configuration: standard output. */
  private static final String UNCONFIGURED = "console";

  private static final String STEERING =
      "[\\x00-\\x08\\x0A-\\x1F\\x7F-\\x9F\\u061C\\u200B-\\u200F\\u2028-\\u202E\\u2060-\\u206F\\uFEFF]";

  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z',UTC} %-5level %logger{0}: "
          + "%replace(%replace(%replace(%.-8192msg%n%ex){'\\s+$',''}){'\\s*[\\r\\n]+\\s*',' | '})"
          + "{'"
          + STEERING
          + "','?'}%nopex%n";

  private TextLog() {}

  /** Takes the place of Logback's own default; whatever else was configured stays. */
  static void replaceDefault(LoggerContext loggers) {
    Logger root = loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Appender<ILoggingEvent> unconfigured = root.getAppender(UNCONFIGURED);
    if (unconfigured != null) {
      root.detachAppender(unconfigured);
      unconfigured.stop();
      root.setLevel(Level.INFO);
      root.addAppender(appender(loggers));
    }
  }

  static ConsoleAppender<ILoggingEvent> appender(LoggerContext loggers) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(loggers);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setPattern(PATTERN);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(loggers);
    appender.setName(APPENDER);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }
}
