package dstack.kms.client.fetch;

import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Runs something that may hang in ways of its own, such as the look-up of a name, for a bounded
 * time. What it gives too late is closed.
 */
final class Guarded {
  private Guarded() {}

  /**
   * @throws RefusalException with {@link FetchRefusal#DEADLINE} when the time is up
   */
  static Fetched within(Duration longest, String what, Supplier<Fetched> step) {
    CompletableFuture<Fetched> outcome = new CompletableFuture<>();
    Thread running = Thread.ofVirtual().name("fetch").start(() -> run(step, outcome));
    try {
      return outcome.get(longest.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw abandoned(running, outcome, what + " did not give the keys in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw abandoned(running, outcome, "interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException refused) {
        throw refused;
      }
      throw new IllegalStateException("fetching failed", e);
    }
  }

  private static void run(Supplier<Fetched> step, CompletableFuture<Fetched> outcome) {
    Fetched fetched;
    try {
      fetched = step.get();
    } catch (RuntimeException | Error e) {
      outcome.completeExceptionally(e);
      return;
    }
    if (!outcome.complete(fetched)) {
      fetched.close();
    }
  }

  private static RefusalException abandoned(
      Thread running, CompletableFuture<Fetched> outcome, String text) {
    RefusalException refusal = FetchRefusal.DEADLINE.because(text);
    if (outcome.completeExceptionally(refusal)) {
      running.interrupt();
    } else if (!outcome.isCompletedExceptionally()) {
      outcome.join().close();
    }
    return refusal;
  }
}
