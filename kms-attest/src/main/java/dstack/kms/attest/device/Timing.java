package dstack.kms.attest.device;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waiting, and how long something has taken; injected, so that a test waits for nothing. */
public interface Timing {
  /** Nanoseconds of a clock that only goes forward. */
  long nanoTime();

  /**
   * Waits that long.
   *
   * @throws dstack.kms.core.refusal.RefusalException {@link DeviceRefusal#UNEXPECTED} if the thread
   *     is interrupted
   */
  void pause(Duration duration);

  /** The machine's own clock. */
  static Timing system() {
    return new Timing() {
      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public void pause(Duration duration) {
        try {
          boolean never = new CountDownLatch(1).await(duration.toNanos(), TimeUnit.NANOSECONDS);
          assert !never;
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw DeviceRefusal.UNEXPECTED.because("interrupted");
        }
      }
    };
  }
}
