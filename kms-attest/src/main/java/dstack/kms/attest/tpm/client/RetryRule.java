package dstack.kms.attest.tpm.client;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * How often a TPM that answers {@code TPM_RC_RETRY}, {@code TPM_RC_TESTING} or {@code
 * TPM_RC_YIELDED} is asked again, and how it is waited for: each wait is twice the one before.
 *
 * @param attempts how often a command is sent at most
 * @param first the first wait
 * @param pause waits
 */
public record RetryRule(int attempts, Duration first, Consumer<Duration> pause) {
  /** Ten attempts within about five seconds. */
  public static final RetryRule STANDARD =
      new RetryRule(10, Duration.ofMillis(10), wait -> LockSupport.parkNanos(wait.toNanos()));

  /**
   * @throws IllegalArgumentException if there is no attempt
   */
  public RetryRule {
    if (attempts < 1) {
      throw new IllegalArgumentException("no attempt");
    }
  }

  void pauseAfter(int attempt) {
    pause.accept(first.multipliedBy(1L << Math.min(attempt - 1, 20)));
  }
}
