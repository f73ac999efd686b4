package dstack.kms.chain.authority;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.head.ChainView;
import dstack.kms.chain.policy.PolicyQuestion;
import dstack.kms.chain.rpc.Deadline;
import dstack.kms.chain.rpc.RpcRefusal;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.trace.RequestScope;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Lets equal questions that are asked at the same time share one reading (21 §8 (7), §10 (4)).
 *
 * <p>Nothing is remembered once it is answered. While it is not, only a question with the same
 * calldata at the same two block hashes joins in: the state behind a hash never changes, so that it
 * is given exactly what its own exchange would have brought, and never the policy of a block older
 * than the view at its own start (T-34).
 *
 * <p>A reading has a thread of its own and belongs to none of those who wait for it: whoever goes
 * away, which costs an attacker no more than a reset connection, takes the answer from nobody else.
 * It is given up when the last of them has gone, so that there are never more readings than
 * requests that wait.
 */
final class SharedReads implements PolicyReader {
  /** A reading ends at its deadline by itself; so long it may take to say what it lacked. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private record Key(PolicyQuestion question, Word chosen, Word head) {}

  private final PolicyReader reader;
  private final ConcurrentMap<Key, Reading> running = new ConcurrentHashMap<>();

  SharedReads(PolicyReader reader) {
    this.reader = reader;
  }

  @Override
  public PolicyFinding read(PolicyQuestion question, ChainView view, Deadline deadline) {
    Key key = new Key(question, view.chosen().hash(), view.head().hash());
    Reading reading =
        running.compute(
            key, (_, now) -> now != null && now.join(deadline) ? now : start(key, view, deadline));
    try {
      return reading.await(deadline);
    } finally {
      reading.leave();
    }
  }

  private Reading start(Key key, ChainView view, Deadline deadline) {
    Reading reading = new Reading(key, view, deadline);
    Thread.ofVirtual().name("policy-reading").start(reading.outcome);
    return reading;
  }

  /** One exchange under way, and how many wait for it. */
  private final class Reading {
    private final Key key;
    private final Deadline deadline;
    private final FutureTask<PolicyFinding> outcome;
    private final AtomicInteger waiting = new AtomicInteger(1);

    Reading(Key key, ChainView view, Deadline deadline) {
      this.key = key;
      this.deadline = deadline;
      Supplier<PolicyFinding> work =
          RequestScope.carried(() -> reader.read(key.question(), view, deadline));
      outcome =
          new FutureTask<>(
              () -> {
                try {
                  return work.get();
                } finally {
                  running.remove(key, this);
                }
              });
    }

    /**
     * Counts one more in, unless the reading was given up or leaves less than three quarters of the
     * time that the newcomer has: what began with little time, or hangs, fails those alone who wait
     * for it already.
     */
    boolean join(Deadline own) {
      Duration enough = own.remaining().multipliedBy(3).dividedBy(4);
      return deadline.remaining().compareTo(enough) >= 0
          && waiting.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    void leave() {
      if (waiting.decrementAndGet() == 0) {
        running.remove(key, this);
        outcome.cancel(true);
      }
    }

    PolicyFinding await(Deadline own) {
      try {
        return outcome.get(own.remaining().plus(LAST_WORDS).toNanos(), TimeUnit.NANOSECONDS);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RefusalException refusal) {
          throw refusal;
        }
        throw new IllegalStateException("reading the policy failed", e.getCause());
      } catch (TimeoutException e) {
        throw notRead("in time");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw notRead("before the request ended");
      }
    }

    private static RefusalException notRead(String when) {
      return new RefusalException(RpcRefusal.DEADLINE, "the policy was not read " + when);
    }
  }
}
