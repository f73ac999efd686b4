package dstack.kms.testkit;

import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test after which {@link LogGuard} has something to say. Found by JUnit on its own. */
public final class LogGuardExtension implements AfterEachCallback {
  @Override
  public void afterEach(ExtensionContext context) {
    failOnViolations();
  }

  static void failOnViolations() {
    List<String> violations = LogGuard.takeViolations();
    if (!violations.isEmpty()) {
      throw new AssertionError("secrets in the log: " + violations);
    }
  }
}
