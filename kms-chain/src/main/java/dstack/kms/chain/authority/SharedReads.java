package dstack.kms.chain.authority;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.head.ChainView;
import dstack.kms.chain.policy.PolicyQuestion;
import dstack.kms.chain.rpc.Deadline;
import dstack.kms.core.refusal.RefusalException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lets equal questions that are asked at the same time share one reading (21 §8 (7), §10 (4)).
 *
 * <p>Nothing is remembered once it is answered. While it is not, only a question with the same
 * calldata at the same two block hashes joins in: the state behind a hash never changes, so that it
 * is given exactly what its own exchange would have brought, and never the policy of a block older
 * than the view at its own start (T-34).
 */
final class SharedReads implements PolicyReader {
  private record Key(PolicyQuestion question, Word chosen, Word head) {}

  private final PolicyReader reader;
  private final ConcurrentMap<Key, CompletableFuture<PolicyFinding>> running =
      new ConcurrentHashMap<>();

  SharedReads(PolicyReader reader) {
    this.reader = reader;
  }

  @Override
  public PolicyFinding read(PolicyQuestion question, ChainView view, Deadline deadline) {
    Key key = new Key(question, view.chosen().hash(), view.head().hash());
    CompletableFuture<PolicyFinding> mine = new CompletableFuture<>();
    CompletableFuture<PolicyFinding> others = running.putIfAbsent(key, mine);
    return others == null ? lead(key, mine, question, view, deadline) : join(others, deadline);
  }

  private PolicyFinding lead(
      Key key,
      CompletableFuture<PolicyFinding> mine,
      PolicyQuestion question,
      ChainView view,
      Deadline deadline) {
    try {
      PolicyFinding finding = reader.read(question, view, deadline);
      mine.complete(finding);
      return finding;
    } catch (RefusalException e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      running.remove(key, mine);
      // After a programming error nobody may wait for the deadline.
      mine.cancel(false);
    }
  }

  private static PolicyFinding join(CompletableFuture<PolicyFinding> others, Deadline deadline) {
    try {
      return others.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RefusalException refusal ? refusal : noAnswer();
    } catch (TimeoutException | java.util.concurrent.CancellationException e) {
      throw noAnswer();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw noAnswer();
    }
  }

  private static RefusalException noAnswer() {
    return new RefusalException(
        DecisionRefusal.NO_ANSWER, "the reading that was shared brought no answer in time");
  }
}
