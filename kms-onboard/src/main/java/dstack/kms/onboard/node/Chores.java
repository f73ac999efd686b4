package dstack.kms.onboard.node;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks a few times a second whether a chore is due; each has a thread of its own. */
final class Chores implements AutoCloseable {
  private static final int CHORES = 3;
  private static final long LOOK_MILLIS = 200;

  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(
          CHORES, Thread.ofPlatform().daemon().name("chore-", 0).factory());

  /** Begins to do these. */
  void begin(List<Chore> chores) {
    for (Chore chore : chores) {
      var _ = timer.scheduleWithFixedDelay(chore, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Interrupts what runs and begins nothing more. */
  @Override
  public void close() {
    timer.shutdownNow();
  }
}
