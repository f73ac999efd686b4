package dstack.kms.cli.outcome;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keeps a serving command running until the process is asked to end (SIGINT, SIGTERM). */
public final class UntilStopped {
  private static final int SECONDS_TO_CLOSE = 10;

  private UntilStopped() {}

  /**
   * Returns when the process is asked to end, or when the thread is interrupted. The process ends
   * once the calling thread is in {@link System#exit}; what that thread closes before is waited
   * for, at most ten seconds.
   */
  public static void await() {
    CountDownLatch asked = new CountDownLatch(1);
    Thread serving = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(
                    () -> {
                      asked.countDown();
                      join(serving);
                    }));
    try {
      asked.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void join(Thread serving) {
    try {
      serving.join(TimeUnit.SECONDS.toMillis(SECONDS_TO_CLOSE));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
