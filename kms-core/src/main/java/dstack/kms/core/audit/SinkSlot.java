package dstack.kms.core.audit;

import dstack.kms.core.file.Room;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One directory with a thread of its own, so that a disk that hangs holds up nothing but itself.
 *
 * <p>A directory that did not take lines is left out. It may come back only to the very lines that
 * it failed at: one that has missed lines stays out until the log is opened anew.
 */
final class SinkSlot implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SinkSlot.class);

  private final Sink sink;
  private final ExecutorService thread;
  private @Nullable Future<?> running;
  private @Nullable Future<?> looking;

  /** Whether what is running was begun for earlier lines and is not worth waiting for. */
  private boolean overdue;

  private boolean undo;
  private boolean lost;

  /** Why it takes no lines; empty while it does. Read by other threads. */
  private volatile String trouble = "";

  private volatile Optional<Room> room = Optional.empty();

  SinkSlot(Sink sink, int index) {
    this.sink = sink;
    thread =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("audit-sink-" + index).factory());
  }

  Sink sink() {
    return sink;
  }

  /** Begins to look how much room there is, unless a look has not ended yet. */
  void look() {
    if (looking == null || looking.isDone()) {
      looking = thread.submit(this::measure);
    }
  }

  /** A volume that cannot say is no reason to leave anything out: its writes will tell. */
  private void measure() {
    try {
      room = Optional.of(sink.room());
    } catch (IOException e) {
      room = Optional.empty();
    }
  }

  /** The room at the last look; empty where that is not known or no lines are taken. */
  Optional<Room> room() {
    return trouble.isEmpty() ? room : Optional.empty();
  }

  Optional<String> trouble() {
    return trouble.isEmpty() ? Optional.empty() : Optional.of(trouble);
  }

  /** Takes no lines until the log is opened anew. */
  void leaveOut(String why) {
    fail(why, false);
  }

  /** Begins to write the lines, unless the directory cannot follow any more. */
  void begin(Batch batch) {
    overdue = running != null;
    if (lost || overdue) {
      return;
    }
    if (sink.last() != batch.first() - 1) {
      fail("has missed lines and is left out until the log is opened anew", false);
      return;
    }
    boolean again = undo;
    running =
        thread.submit(
            () -> {
              if (again) {
                sink.undo(batch);
              }
              sink.take(batch);
              return true;
            });
  }

  /** Waits for what was begun; whether the lines are durable here. */
  boolean holds(Batch batch, Duration longest) {
    Future<?> write = running;
    if (write == null) {
      return false;
    }
    try {
      write.get(overdue ? 0 : longest.toNanos(), TimeUnit.NANOSECONDS);
      running = null;
      undo = false;
      trouble = "";
      return sink.last() == batch.head().sequence();
    } catch (TimeoutException e) {
      trouble = sink.directory() + " does not answer";
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      running = null;
      Throwable cause = e.getCause();
      fail(String.valueOf(cause), cause instanceof SinkFailure f && f.repeatable());
      return false;
    }
  }

  /** Writes down how far the log has come, if lines are taken; whether that is durable. */
  boolean checkpoint(Checkpoint checkpoint, Duration longest) {
    if (!trouble.isEmpty()) {
      return false;
    }
    Future<?> write =
        thread.submit(
            () -> {
              sink.checkpoint(checkpoint);
              return true;
            });
    try {
      write.get(longest.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      // The lines are durable all the same; the next checkpoint makes up for this one.
      LOG.warn(
          "audit log: no checkpoint in {}: {}", sink.directory(), String.valueOf(e.getCause()));
      return false;
    }
  }

  private void fail(String why, boolean repeatable) {
    lost = !repeatable;
    undo = repeatable;
    if (trouble.isEmpty()) {
      LOG.error("audit log: {}: {}", sink.directory(), why);
    }
    trouble = sink.directory() + ": " + why;
  }

  @Override
  public void close() {
    var _ = thread.shutdownNow();
  }
}
