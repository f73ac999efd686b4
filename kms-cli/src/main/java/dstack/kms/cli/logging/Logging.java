package dstack.kms.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The levels of the running program's loggers. */
public final class Logging {
  private static final Logger log = LoggerFactory.getLogger(Logging.class);

  private Logging() {}

  /**
   * Sets the levels from {@code KMS_LOG}, else from {@code RUST_LOG}; without either, {@code info}.
   */
  public static void configure(Map<String, String> variables) {
    String text = variables.getOrDefault("KMS_LOG", variables.getOrDefault("RUST_LOG", ""));
    LogFilter filter = LogFilter.parse(text.isBlank() ? "info" : text);
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext loggers) {
      filter.levels().forEach((name, level) -> loggers.getLogger(nameOf(name)).setLevel(of(level)));
    }
    filter.unread().forEach(directive -> log.warn("log filter directive ignored: {}", directive));
  }

  private static String nameOf(String name) {
    return name.isEmpty() ? Logger.ROOT_LOGGER_NAME : name;
  }

  private static Level of(java.util.Optional<org.slf4j.event.Level> level) {
    return level.map(known -> Level.convertAnSLF4JLevel(known)).orElse(Level.OFF);
  }
}
