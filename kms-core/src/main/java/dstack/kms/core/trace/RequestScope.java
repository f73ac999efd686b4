package dstack.kms.core.trace;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * The request that a thread works for. A thread that is started for a request is given its scope;
 * scopes are not inherited.
 *
 * @param requestId as in the log and in the answer
 * @param trace the request's own span
 */
public record RequestScope(String requestId, TraceContext trace) {
  private static final ScopedValue<RequestScope> CURRENT = ScopedValue.newInstance();

  /** The scope of the running thread; empty where it works for no request. */
  public static Optional<RequestScope> current() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }

  /** Runs this within the scope. */
  public void run(Runnable work) {
    ScopedValue.where(CURRENT, this).run(work);
  }

  /** What this gives within the scope. */
  public <T> T call(Supplier<T> work) {
    return ScopedValue.where(CURRENT, this).call(work::get);
  }

  /** The same work within the scope of the thread that asks now, on whatever thread it runs. */
  public static <T> Supplier<T> carried(Supplier<T> work) {
    return current().<Supplier<T>>map(scope -> () -> scope.call(work)).orElse(work);
  }
}
