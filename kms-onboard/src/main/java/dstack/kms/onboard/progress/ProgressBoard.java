package dstack.kms.onboard.progress;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Shows how far the last attempt to set the node up has come. Safe for use by many threads; what it
 * keeps is bounded by the number of steps and by the length of two texts.
 *
 * <p>An attempt shows from its first step on. One that still waits for another to end does not hide
 * that one; one that fails before its first step shows only if nothing else is running.
 */
public final class ProgressBoard {
  private final InstantSource clock;
  private final AtomicReference<Optional<Procedure>> shown =
      new AtomicReference<>(Optional.empty());

  /** An empty board. */
  public ProgressBoard(InstantSource clock) {
    this.clock = clock;
  }

  /** A new attempt; whoever runs it tells it in any case when it is over. */
  public Procedure begin(ProcedureKind kind) {
    return new Procedure(kind, clock, this::show);
  }

  /** The attempt that shows, if there was any. */
  public Optional<ProgressView> look() {
    return shown.get().map(Procedure::view);
  }

  private void show(Procedure procedure) {
    shown.updateAndGet(
        present ->
            present.filter(other -> other.isRunning() && !procedure.isRunning()).isPresent()
                ? present
                : Optional.of(procedure));
  }
}
