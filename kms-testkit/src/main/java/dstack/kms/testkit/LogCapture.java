package dstack.kms.testkit;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What is logged while it is open, at every level. */
public final class LogCapture implements AutoCloseable {
  private final ListAppender<ILoggingEvent> events = new ListAppender<>();
  private final Logger root;

  /** Starts to capture what any logger says. */
  public LogCapture() {
    LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
    root = loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    events.setContext(loggers);
    events.start();
    root.addAppender(events);
  }

  /** The messages so far, each as {@code LEVEL text}. */
  public List<String> lines() {
    return List.copyOf(events.list).stream()
        .map(event -> event.getLevel() + " " + event.getFormattedMessage())
        .toList();
  }

  @Override
  public void close() {
    root.detachAppender(events);
    events.stop();
  }
}
