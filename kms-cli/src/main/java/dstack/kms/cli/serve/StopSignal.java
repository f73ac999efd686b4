package dstack.kms.cli.serve;

import java.util.concurrent.CountDownLatch;

/** Keeps a serving command running until the process is asked to end (SIGINT, SIGTERM). */
public final class StopSignal {
  private StopSignal() {}

  /**
   * Returns at the first of these signals, or when the thread is interrupted. The process goes on:
   * the caller closes what it serves and ends with a status of its own.
   */
  public static void await() {
    CountDownLatch asked = new CountDownLatch(1);
    try (ProcessSignals _ =
        new ProcessSignals().on("TERM", asked::countDown).on("INT", asked::countDown)) {
      asked.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
