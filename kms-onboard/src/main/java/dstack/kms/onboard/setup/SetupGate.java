package dstack.kms.onboard.setup;

import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One set-up procedure at a time in this process, whoever begins it: bootstrap, replication,
 * recovery from peers, restore (T-07). A second one waits a little and then hears what is under
 * way.
 */
public final class SetupGate {
  private final Duration patience;
  private final ReentrantLock underWay = new ReentrantLock();
  private volatile String name = "";

  /** A gate at which a second procedure waits at most so long. */
  public SetupGate(Duration patience) {
    this.patience = patience;
  }

  /**
   * Does the procedure while no other one runs.
   *
   * @param procedure its name in words
   * @throws RefusalException with {@link SetupRefusal#UNDER_WAY} if another one does not end in
   *     time
   */
  public <T> T during(String procedure, Supplier<T> steps) {
    enter();
    try {
      name = procedure;
      return steps.get();
    } finally {
      underWay.unlock();
    }
  }

  private void enter() {
    try {
      if (underWay.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new RefusalException(
        SetupRefusal.UNDER_WAY, "another set-up of this KMS is under way: " + name);
  }
}
