package dstack.kms.onboard.replication;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How a procedure waits before it tries again; tests have their own time. */
interface Waiting {
  /** Nanoseconds that only go forward. */
  long now();

  /** Lets so much time pass. */
  void pause(Duration length) throws InterruptedException;

  /** Waits in real time. */
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
