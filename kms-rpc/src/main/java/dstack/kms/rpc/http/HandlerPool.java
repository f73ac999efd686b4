package dstack.kms.rpc.http;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs handlers on virtual threads: so many at a time, so many waiting in order, and no longer than
 * the wait granted. Everything beyond is turned away at once.
 */
final class HandlerPool {
  /** One unit of work: either it runs, or it learns that there was no place for it in time. */
  interface Work {
    void run();

    void turnedAway();
  }

  private final Semaphore places;
  private final AtomicInteger admitted = new AtomicInteger();
  private final int most;
  private final Duration wait;
  private final HttpObserver observer;

  HandlerPool(HttpLimits limits, HttpObserver observer) {
    this.places = new Semaphore(limits.concurrency(), true);
    this.most = limits.concurrency() + limits.queue();
    this.wait = limits.queueWait();
    this.observer = observer;
  }

  /** Starts the work on a thread of its own; empty if too much runs and waits already. */
  Optional<Thread> start(String name, Work work) {
    if (admitted.incrementAndGet() > most) {
      admitted.decrementAndGet();
      return Optional.empty();
    }
    return Optional.of(Thread.ofVirtual().name(name).start(() -> admitted(work)));
  }

  private void admitted(Work work) {
    try {
      if (hasPlace()) {
        observer.running(1);
        try {
          work.run();
        } finally {
          observer.running(-1);
          places.release();
        }
      } else {
        work.turnedAway();
      }
    } finally {
      admitted.decrementAndGet();
    }
  }

  private boolean hasPlace() {
    observer.waiting(1);
    try {
      return places.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      observer.waiting(-1);
    }
  }
}
