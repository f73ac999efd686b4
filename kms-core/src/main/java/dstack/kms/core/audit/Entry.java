package dstack.kms.core.audit;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** One event on its way into the log. */
final class Entry {
  private enum State {
    WAITING,
    TAKEN,
    ABANDONED
  }

  private final AuditEvent event;
  private final boolean note;
  private final CompletableFuture<Boolean> durable = new CompletableFuture<>();
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

  /**
   * @param note whether nobody waits for it
   */
  Entry(AuditEvent event, boolean note) {
    this.event = event;
    this.note = note;
  }

  /** Nothing to be written, only to wake the writer. */
  static Entry nothing() {
    Entry entry = new Entry(AuditEvent.done(AuditKind.LOG, Map.of()), false);
    entry.abandon();
    return entry;
  }

  AuditEvent event() {
    return event;
  }

  boolean isNote() {
    return note;
  }

  /** Whether the log may do without it: nothing was done, and nobody waits for it. */
  boolean mayBeLeftOut() {
    return note && event.isRefusal();
  }

  /** True when durable, false when refused. */
  CompletableFuture<Boolean> durable() {
    return durable;
  }

  /** The writer takes it, unless its caller has given up. */
  boolean take() {
    return state.compareAndSet(State.WAITING, State.TAKEN);
  }

  /** The caller gives up; a line that is being written already may still become durable. */
  void abandon() {
    state.compareAndSet(State.WAITING, State.ABANDONED);
  }
}
