package dstack.kms.client.fetch;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How time passes between two tries; tests have their own. */
interface Waiting {
  /** Nanoseconds that only go forward. */
  long now();

  /** Lets so much time pass. */
  void pause(Duration length) throws InterruptedException;

  /** Real time. */
  static Waiting real() {
    return new Waiting() {
      @Override
      public long now() {
        return System.nanoTime();
      }

      @Override
      public void pause(Duration length) throws InterruptedException {
        boolean released = new CountDownLatch(1).await(length.toNanos(), TimeUnit.NANOSECONDS);
        if (released) {
          throw new IllegalStateException("nobody counts down");
        }
      }
    };
  }
}
