package dstack.kms.attest.collateral;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A clock that stands and a scheduler that runs its tasks when it is told to. */
final class ManualTimes extends ScheduledThreadPoolExecutor implements InstantSource {
  private volatile Instant now;
  private final List<Runnable> tasks = new CopyOnWriteArrayList<>();
  final List<Long> delaysInMillis = new CopyOnWriteArrayList<>();

  ManualTimes(Instant now) {
    super(0);
    this.now = now;
  }

  @Override
  public Instant instant() {
    return now;
  }

  void advance(Duration duration) {
    now = now.plus(duration);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    tasks.add(task);
    delaysInMillis.add(unit.toMillis(delay));
    return super.schedule(() -> {}, 1, TimeUnit.DAYS);
  }

  /** Runs what was scheduled since the last time. */
  void runScheduled() {
    List<Runnable> due = List.copyOf(tasks);
    tasks.removeAll(due);
    due.forEach(Runnable::run);
  }
}
