package dstack.kms.testkit;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Says that a test cannot run for want of a real component.
 *
 * <p>Under {@code CI=true} that is a failure. Elsewhere the test is aborted and its reason is noted
 * in {@code target/left-out.txt}, from which the build prints one closing line.
 */
public final class LeftOut {
  private LeftOut() {}

  /** Ends the running test: fails it under CI, aborts it elsewhere. */
  public static AssertionError because(String reason) {
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError("left out under CI: " + reason);
    }
    try {
      Files.createDirectories(Path.of("target"));
      Files.writeString(
          Path.of("target", "left-out.txt"),
          reason + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return abort("left out: " + reason);
  }
}
