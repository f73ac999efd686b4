package dstack.kms.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import dstack.kms.core.config.LogFormat;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the running program logs, and in which form. */
public final class Logging {
  private static final Logger log = LoggerFactory.getLogger(Logging.class);

  private static final String FORMAT = "KMS_LOG_FORMAT";

  private Logging() {}

  /**
   * Sets the levels from {@code KMS_LOG}, else from {@code RUST_LOG}; without either, {@code info}.
   */
  public static void configure(Map<String, String> variables) {
    String text = variables.getOrDefault("KMS_LOG", variables.getOrDefault("RUST_LOG", ""));
    LogFilter filter = LogFilter.parse(text.isBlank() ? "info" : text);
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext loggers) {
      TextLog.replaceDefault(loggers);
      filter.levels().forEach((name, level) -> loggers.getLogger(nameOf(name)).setLevel(of(level)));
    }
    filter.unread().forEach(directive -> log.warn("log filter directive ignored: {}", directive));
    String format = variables.getOrDefault(FORMAT, "");
    if (format.equals(LogFormat.JSON.word())) {
      toJson();
    } else if (!format.isEmpty() && !format.equals(LogFormat.TEXT.word())) {
      log.warn("{} is neither text nor json; the log is text", FORMAT);
    }
  }

  /** Takes the form that a configuration names, unless {@code KMS_LOG_FORMAT} does. */
  public static void use(LogFormat format, Map<String, String> variables) {
    if (format == LogFormat.JSON && variables.getOrDefault(FORMAT, "").isEmpty()) {
      toJson();
    }
  }

  private static void toJson() {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext loggers)) {
      return;
    }
    ch.qos.logback.classic.Logger root = loggers.getLogger(Logger.ROOT_LOGGER_NAME);
    if (root.getAppender(TextLog.APPENDER) instanceof ConsoleAppender<ILoggingEvent> console
        && !(console.getEncoder() instanceof JsonEncoder)) {
      JsonEncoder encoder = new JsonEncoder();
      encoder.setContext(loggers);
      encoder.start();
      ConsoleAppender<ILoggingEvent> json = new ConsoleAppender<>();
      json.setContext(loggers);
      json.setName(TextLog.APPENDER);
      json.setTarget(console.getTarget());
      json.setEncoder(encoder);
      json.start();
      root.detachAppender(console);
      root.addAppender(json);
    }
  }

  private static String nameOf(String name) {
    return name.isEmpty() ? Logger.ROOT_LOGGER_NAME : name;
  }

  private static Level of(java.util.Optional<org.slf4j.event.Level> level) {
    return level.map(known -> Level.convertAnSLF4JLevel(known)).orElse(Level.OFF);
  }
}
