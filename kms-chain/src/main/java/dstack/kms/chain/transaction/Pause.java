package dstack.kms.chain.transaction;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Time between two looks at a chain. */
@FunctionalInterface
public interface Pause {
  /** Real time; an interrupted thread does not wait. */
  Pause REAL =
      duration -> {
        try {
          if (new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("nobody counts down");
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      };

  /** Returns after the duration. */
  void lasting(Duration duration);
}
