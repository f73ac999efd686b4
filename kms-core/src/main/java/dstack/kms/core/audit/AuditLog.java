package dstack.kms.core.audit;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.AuditConfig;
import dstack.kms.core.file.FileActions;
import dstack.kms.core.file.PosixFileActions;
import dstack.kms.core.file.ProcessOwner;
import dstack.kms.core.refusal.RefusalException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * The log in directories of this machine (docs/reference/audit-log.md).
 *
 * <p>One thread writes; what comes while it waits for the disk becomes durable together at the next
 * turn. A release waits for its line at most some seconds and is refused then; the line may still
 * come into the log. Each configured directory is a copy of the whole log, and one that takes the
 * line is enough.
 */
public final class AuditLog implements AuditTrail {
  private static final int LARGEST_BATCH = 256;

  private final OpenedLog opened;
  private final LogWriter writer;
  private final AuditSettings settings;
  private final NoteGate gate;
  private final BlockingQueue<Entry> queue;
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean ended;

  private AuditLog(OpenedLog opened, AuditSettings settings, InstantSource clock) {
    this.opened = opened;
    this.settings = settings;
    writer = opened.writer();
    gate = new NoteGate(clock, settings.notesPerSecond());
    queue = new ArrayBlockingQueue<>(settings.queue());
    thread = Thread.ofPlatform().daemon().name("audit-log").unstarted(this::run);
  }

  /**
   * Opens the log, or begins one, after every line that is there was looked at.
   *
   * @param keyDirectory where the key is kept that signs the lines, or is made
   * @throws RefusalException with an {@link AuditRefusal} if what is there is not what was written
   */
  public static AuditLog open(
      AuditConfig config, Path keyDirectory, InstantSource clock, SecureRandom random) {
    return open(
        config,
        keyDirectory,
        clock,
        random,
        new PosixFileActions(),
        ProcessOwner::effectiveUserId,
        AuditSettings.DEFAULT);
  }

  static AuditLog open(
      AuditConfig config,
      Path keyDirectory,
      InstantSource clock,
      SecureRandom random,
      FileActions actions,
      IntSupplier owner,
      AuditSettings settings) {
    OpenedLog opened =
        new LogOpening(config, keyDirectory, clock, random, actions, owner, settings).open();
    AuditLog log = new AuditLog(opened, settings, clock);
    log.thread.start();
    return log;
  }

  @Override
  public void require(AuditEvent event) {
    Entry entry = new Entry(event, false);
    if (closing || !queue.offer(entry)) {
      throw unwritable(closing ? "the audit log is closed" : "too many lines wait to be written");
    }
    if (ended) {
      entry.durable().complete(false);
    }
    boolean durable = false;
    try {
      durable = entry.durable().get(settings.patience().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | ExecutionException e) {
      entry.abandon();
    }
    if (!durable) {
      throw unwritable(writer.troubles());
    }
  }

  @Override
  public void note(AuditEvent event) {
    Entry entry = new Entry(event, true);
    if (entry.mayBeLeftOut() && !gate.admits(device(event))) {
      return;
    }
    boolean crowded = entry.mayBeLeftOut() && queue.size() > settings.queue() / 2;
    if (closing || crowded || !queue.offer(entry)) {
      gate.leaveOut(1);
    }
  }

  private static Optional<Bytes> device(AuditEvent event) {
    return event.subject().map(subject -> subject.bootInfo().deviceId());
  }

  @Override
  public void requireWritable() {
    if (closing || writer.isFailing()) {
      throw unwritable(writer.troubles());
    }
  }

  private static RefusalException unwritable(String why) {
    return new RefusalException(
        AuditRefusal.UNWRITABLE, "the decision cannot be recorded, so nothing is released", why);
  }

  @Override
  public Optional<AuditHead> head() {
    return writer.head();
  }

  @Override
  public Optional<AuditStats> stats() {
    return Optional.of(writer.stats(queue.size(), gate.total()));
  }

  private void run() {
    try {
      while (!closing || !queue.isEmpty()) {
        writer.lookForRoom();
        turn(gather(), gate::take);
      }
      turn(List.of(), gate::takeAll);
      writer.checkpoint();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended = true;
      List<Entry> rest = new ArrayList<>();
      queue.drainTo(rest);
      refuse(rest);
    }
  }

  private List<Entry> gather() throws InterruptedException {
    List<Entry> entries = new ArrayList<>();
    Entry first = queue.poll(settings.retryEvery().toNanos(), TimeUnit.NANOSECONDS);
    if (first != null) {
      entries.add(first);
      queue.drainTo(entries, LARGEST_BATCH - 1);
    }
    return entries;
  }

  private void turn(List<Entry> entries, LongSupplier leftOutNotes) {
    if (!writer.resume()) {
      refuse(entries);
      return;
    }
    List<Entry> taken = kept(entries).stream().filter(Entry::take).toList();
    List<AuditEvent> events = new ArrayList<>(taken.stream().map(Entry::event).toList());
    long leftOut = leftOutNotes.getAsLong();
    if (leftOut > 0) {
      events.add(leftOut(leftOut));
    }
    if (!events.isEmpty()) {
      boolean durable = writer.write(events);
      taken.forEach(entry -> entry.durable().complete(durable));
      writer.checkpointIfDue();
    }
  }

  /** Those that are to be written: while room is short no refusals. */
  private List<Entry> kept(List<Entry> entries) {
    if (!writer.isShortOfRoom()) {
      return entries;
    }
    List<Entry> kept = entries.stream().filter(entry -> !entry.mayBeLeftOut()).toList();
    gate.leaveOut(entries.size() - kept.size());
    return kept;
  }

  private static AuditEvent leftOut(long notes) {
    return AuditEvent.done(
        AuditKind.LOG, Map.of("event", "left-out", "notes", Long.toString(notes)));
  }

  private void refuse(List<Entry> entries) {
    gate.leaveOut(Math.toIntExact(entries.stream().filter(Entry::isNote).count()));
    entries.forEach(entry -> entry.durable().complete(false));
  }

  @Override
  public void close() {
    closing = true;
    var _ = queue.offer(Entry.nothing());
    boolean interrupted = false;
    try {
      thread.join(settings.patience().plus(settings.diskPatience()));
    } catch (InterruptedException e) {
      interrupted = true;
    }
    opened.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
