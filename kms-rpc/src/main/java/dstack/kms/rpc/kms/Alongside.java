package dstack.kms.rpc.kms;

import dstack.kms.core.trace.RequestScope;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Two checks at the same time whose outcome is that of one after the other: a failure of the first
 * hides whatever the second did.
 */
final class Alongside {
  private Alongside() {}

  /** Runs both and returns what becomes of what they gave, if neither failed. */
  static <A, B, T> T both(Supplier<A> first, Supplier<B> second, BiFunction<A, B, T> then) {
    A one;
    B other;
    FutureTask<B> running = new FutureTask<>(RequestScope.carried(second)::get);
    Thread.ofVirtual().name(Thread.currentThread().getName() + "-check").start(running);
    try {
      one = first.get();
      other = resultOf(running);
    } finally {
      running.cancel(true);
    }
    return then.apply(one, other);
  }

  private static <T> T resultOf(FutureTask<T> running) {
    try {
      return running.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted: the request is over its deadline", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException refused) {
        throw refused;
      }
      throw new IllegalStateException("a check failed", e);
    }
  }
}
