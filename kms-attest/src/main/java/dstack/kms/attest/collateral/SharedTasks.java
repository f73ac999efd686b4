package dstack.kms.attest.collateral;

import dstack.kms.core.refusal.RefusalException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs at most one task for each key and a bounded number altogether; whoever asks for a key under
 * way shares its outcome.
 */
final class SharedTasks<K> implements AutoCloseable {
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final ConcurrentMap<K, CompletableFuture<Boolean>> running = new ConcurrentHashMap<>();
  private final Semaphore permits;

  SharedTasks(int limit) {
    this.permits = new Semaphore(limit);
  }

  /** Starts the task unless one is under way for the key; either way its outcome. */
  CompletableFuture<Boolean> start(K key, Callable<Boolean> task) {
    CompletableFuture<Boolean> mine = new CompletableFuture<>();
    CompletableFuture<Boolean> other = running.putIfAbsent(key, mine);
    if (other != null) {
      return other;
    }
    if (!permits.tryAcquire()) {
      fail(key, mine, Fetching.unavailable("too many collateral requests are under way"));
      return mine;
    }
    try {
      workers.execute(() -> run(key, mine, task));
    } catch (RejectedExecutionException e) {
      permits.release();
      fail(key, mine, Fetching.unavailable("the collateral service is closed"));
    }
    return mine;
  }

  /** The root of a worker's thread: whatever happens, those who wait must learn of it. */
  private void run(K key, CompletableFuture<Boolean> outcome, Callable<Boolean> task) {
    try {
      boolean done = task.call();
      running.remove(key, outcome);
      outcome.complete(done);
    } catch (Exception | Error e) {
      fail(key, outcome, e);
    } finally {
      permits.release();
    }
  }

  private void fail(K key, CompletableFuture<Boolean> outcome, Throwable failure) {
    running.remove(key, outcome);
    outcome.completeExceptionally(failure);
  }

  /**
   * Waits for an outcome.
   *
   * @throws RefusalException the task's own, or that there was no outcome in time
   */
  static void await(CompletableFuture<Boolean> outcome, Deadline deadline) {
    try {
      outcome.get(deadline.nanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RefusalException refusal) {
        throw refusal;
      }
      throw new IllegalStateException("loading collateral failed", e.getCause());
    } catch (TimeoutException e) {
      throw Fetching.unavailable("Failed to fetch collateral: no answer in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Fetching.unavailable("Failed to fetch collateral: interrupted");
    }
  }

  /** Whether no task is under way. */
  boolean isQuiet() {
    return running.isEmpty();
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}
