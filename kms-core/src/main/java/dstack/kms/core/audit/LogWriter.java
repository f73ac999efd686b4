package dstack.kms.core.audit;

import dstack.kms.core.file.Room;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what has come together since the last time as one batch into all directories.
 *
 * <p>Lines that no directory took stay the next ones: they are written, unchanged, before any
 * other, so that whatever a failing disk has kept of them fits. Their callers were refused.
 */
final class LogWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);

  private final LogTip tip;
  private final AuditKey key;
  private final List<SinkSlot> slots;
  private final AuditSettings settings;
  private final AtomicLong lines = new AtomicLong();
  private final AtomicLong batches = new AtomicLong();
  private final InstantSource clock;
  private volatile Optional<AuditHead> head;
  private volatile Optional<Instant> durable = Optional.empty();
  private volatile Optional<Instant> backup;
  private volatile boolean failing;
  private @Nullable Batch stuck;
  private long checkpointed;
  private boolean due;
  private boolean shortOfRoom;
  private long looked;

  LogWriter(
      LogTip tip,
      AuditKey key,
      List<SinkSlot> slots,
      AuditSettings settings,
      LogScan found,
      InstantSource clock) {
    this.tip = tip;
    this.key = key;
    this.slots = List.copyOf(slots);
    this.settings = settings;
    this.clock = clock;
    head = found.head();
    backup = found.backup();
    checkpointed = head.map(AuditHead::sequence).orElse(0L);
    looked = System.nanoTime() - settings.lookEvery().toNanos();
  }

  Optional<AuditHead> head() {
    return head;
  }

  /** Whether the last lines were not taken by any directory. */
  boolean isFailing() {
    return failing;
  }

  AuditStats stats(int queued, long leftOut) {
    Map<Integer, String> failed = new TreeMap<>();
    for (int i = 0; i < slots.size(); i++) {
      int index = i;
      slots.get(i).trouble().ifPresent(why -> failed.put(index, why));
    }
    return new AuditStats(
        lines.get(),
        batches.get(),
        queued,
        leftOut,
        slots.size(),
        failed,
        slots.stream().flatMap(slot -> slot.room().stream()).mapToLong(Room::free).min(),
        slots.stream().flatMap(slot -> shortage(slot).stream()).toList(),
        durable,
        backup);
  }

  private static Optional<String> shortage(SinkSlot slot) {
    return slot.room()
        .filter(AuditReserve::isReached)
        .map(
            room ->
                slot.sink().directory()
                    + " has "
                    + (room.free() >> 20)
                    + " MiB left, less than the reserve of "
                    + (AuditReserve.of(room) >> 20)
                    + " MiB: refusals are not recorded");
  }

  /**
   * Whether refusals are to be left out: as soon as one directory that takes lines is short. The
   * others have room, but it would drop out of the log before them, with what else is on its
   * volume.
   */
  boolean isShortOfRoom() {
    List<String> now = slots.stream().flatMap(slot -> shortage(slot).stream()).toList();
    if (now.isEmpty() == shortOfRoom) {
      shortOfRoom = !now.isEmpty();
      LOG.warn("audit log: {}", shortOfRoom ? String.join("; ", now) : "records refusals again");
    }
    return shortOfRoom;
  }

  /** Looks how much room the directories have, which takes no time here, at most so often. */
  void lookForRoom() {
    long now = System.nanoTime();
    if (now - looked >= settings.lookEvery().toNanos()) {
      looked = now;
      slots.forEach(SinkSlot::look);
    }
  }

  /** Why nothing can be written; to be asked while failing. */
  String troubles() {
    return String.join("; ", stats(0, 0).troubles());
  }

  /** Begins the first file, if there is none; whether that is durable. */
  boolean begin() {
    return !tip.isAtStart() || take(tip.lines(List.of()));
  }

  /** Tries again what nothing took; whether the way is free. */
  boolean resume() {
    Batch again = stuck;
    if (again == null) {
      return true;
    }
    if (!take(again)) {
      return false;
    }
    LOG.warn("audit log: takes lines again");
    write(List.of(AuditEvent.done(AuditKind.LOG, resumed(again))));
    return stuck == null;
  }

  /** The lines of these numbers are in the log, and what they allowed was refused. */
  private static Map<String, String> resumed(Batch batch) {
    return Map.of(
        "event",
        "resumed",
        "refused-from",
        Long.toString(batch.first()),
        "refused-to",
        Long.toString(batch.head().sequence()));
  }

  /** Writes these; whether they are durable in at least one directory. */
  boolean write(List<AuditEvent> events) {
    boolean taken = take(tip.lines(events));
    if (taken && events.stream().anyMatch(LogWriter::isBackup)) {
      backup = durable;
    }
    return taken;
  }

  private static boolean isBackup(AuditEvent event) {
    return event.kind() == AuditKind.BACKUP && event.outcome() instanceof AuditOutcome.Allowed;
  }

  private boolean take(Batch batch) {
    slots.forEach(slot -> slot.begin(batch));
    long end = System.nanoTime() + settings.diskPatience().toNanos();
    boolean taken = false;
    for (SinkSlot slot : slots) {
      taken |= slot.holds(batch, Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }
    if (!taken) {
      stuck = batch;
      failing = true;
      return false;
    }
    stuck = null;
    failing = false;
    head = Optional.of(batch.head());
    durable = Optional.of(clock.instant());
    due |= batch.begins();
    lines.addAndGet(batch.lines());
    batches.incrementAndGet();
    return true;
  }

  /** Writes a checkpoint if a file was begun or enough has come since the last. */
  void checkpointIfDue() {
    long last = head.map(AuditHead::sequence).orElse(-1L);
    if (due || last - checkpointed >= settings.checkpointEvery()) {
      checkpoint();
    }
  }

  /** Writes a checkpoint; whether at least one directory has it. */
  boolean checkpoint() {
    Optional<AuditHead> now = head;
    if (now.isEmpty()) {
      return false;
    }
    Checkpoint checkpoint = key.checkpoint(now.get());
    boolean written = false;
    for (SinkSlot slot : slots) {
      written |= slot.checkpoint(checkpoint, settings.diskPatience());
    }
    checkpointed = now.get().sequence();
    due = false;
    return written;
  }

  @Override
  public void close() {
    slots.forEach(SinkSlot::close);
  }
}
