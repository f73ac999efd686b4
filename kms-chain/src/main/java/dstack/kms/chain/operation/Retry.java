package dstack.kms.chain.operation;

import dstack.kms.chain.transaction.Patience;
import dstack.kms.chain.transaction.Pause;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import java.util.Optional;
import java.util.function.Supplier;

/** Looks again, because an endpoint may know the result of a transaction late. */
public final class Retry {
  private final Patience patience;
  private final Pause pause;

  /** Looks as often as that. */
  public Retry(Patience patience, Pause pause) {
    this.patience = patience;
    this.pause = pause;
  }

  /** The first value that is there; empty if it never is. Trouble of the last look is refused. */
  public <T> Optional<T> first(Supplier<Optional<T>> look) {
    for (int i = 1; i < patience.tries(); i++) {
      Optional<T> found = tolerant(look);
      if (found.isPresent()) {
        return found;
      }
      pause.lasting(patience.backOff().multipliedBy(i));
    }
    return look.get();
  }

  private static <T> Optional<T> tolerant(Supplier<Optional<T>> look) {
    try {
      return look.get();
    } catch (RefusalException e) {
      if (e.code().kind() != RefusalKind.UNAVAILABLE) {
        throw e;
      }
      return Optional.empty();
    }
  }
}
