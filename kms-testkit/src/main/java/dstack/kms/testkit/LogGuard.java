package dstack.kms.testkit;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Watches everything that is logged while tests run and fails the test in which a secret is logged
 * (T-39): a private key, a URL with credentials, a bearer token, or a value that a test named.
 *
 * <p>It is in place in every test of every module, through {@code logback-test.xml} and {@link
 * LogGuardExtension}.
 */
public final class LogGuard extends AppenderBase<ILoggingEvent> {
  private static final SecretPatterns SECRETS = new SecretPatterns();
  private static final ConcurrentLinkedQueue<String> VIOLATIONS = new ConcurrentLinkedQueue<>();

  /** From now on no log line may hold this text, of at least 8 characters, in either case. */
  public static void forbid(String secret) {
    SECRETS.name(secret);
  }

  /** What was found since the last call, each with the logger that said it. */
  static List<String> takeViolations() {
    List<String> taken = List.copyOf(VIOLATIONS);
    VIOLATIONS.clear();
    return taken;
  }

  @Override
  protected void append(ILoggingEvent event) {
    StringBuilder text = new StringBuilder(event.getFormattedMessage());
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      text.append('\n').append(ThrowableProxyUtil.asString(thrown));
    }
    SECRETS
        .violationIn(text.toString())
        .ifPresent(what -> VIOLATIONS.add(event.getLoggerName() + " logged " + what));
  }
}
