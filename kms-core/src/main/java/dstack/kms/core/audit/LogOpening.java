package dstack.kms.core.audit;

import dstack.kms.core.config.AuditConfig;
import dstack.kms.core.file.DirectoryLock;
import dstack.kms.core.file.FileActions;
import dstack.kms.core.file.PathGuard;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Opens a log in three steps: everything is looked at; then what a crash left is put in order; then
 * lines are taken. What the first step refuses nothing has changed.
 */
final class LogOpening {
  private final AuditConfig config;
  private final InstantSource clock;
  private final SecureRandom random;
  private final AuditSettings settings;
  private final FileActions actions;
  private final PathGuard guard;
  private final AuditKeyFile keyFile;
  private final List<LogFolder> folders;

  LogOpening(
      AuditConfig config,
      Path keyDirectory,
      InstantSource clock,
      SecureRandom random,
      FileActions actions,
      IntSupplier owner,
      AuditSettings settings) {
    this.config = config;
    this.clock = clock;
    this.random = random;
    this.settings = settings;
    this.actions = actions;
    guard = new PathGuard(actions, owner, AuditRefusal.UNSAFE);
    keyFile = new AuditKeyFile(keyDirectory.toAbsolutePath().normalize(), actions, guard);
    folders =
        config.directories().stream()
            .map(directory -> directory.toAbsolutePath().normalize())
            .distinct()
            .map(directory -> new LogFolder(directory, actions))
            .toList();
  }

  OpenedLog open() {
    List<DirectoryLock> locks = new ArrayList<>();
    Optional<OpenedLog> opened = Optional.empty();
    try {
      for (LogFolder folder : folders) {
        locks.add(folder.secure(guard));
      }
      opened = Optional.of(openLocked(locks));
      return opened.get();
    } catch (IOException e) {
      throw RefusalException.causedBy(
          AuditRefusal.FAILED, "cannot open the audit log: " + e.getMessage(), e);
    } finally {
      if (opened.isEmpty()) {
        OpenedLog.release(locks);
      }
    }
  }

  private OpenedLog openLocked(List<DirectoryLock> locks) throws IOException {
    boolean hasLines = false;
    for (LogFolder folder : folders) {
      hasLines |= !folder.segments().isEmpty() || folder.checkpoint().isPresent();
    }
    AuditKey key = keyFile.open(hasLines, random);
    Optional<OpenedLog> opened = Optional.empty();
    try {
      opened = Optional.of(new OpenedLog(begun(key), key, List.copyOf(locks)));
      return opened.get();
    } finally {
      if (opened.isEmpty()) {
        key.close();
      }
    }
  }

  private LogWriter begun(AuditKey key) throws IOException {
    FoundLog found = FoundLog.in(folders, key.publicKey(), keyFile);
    LogRepair repair = new LogRepair(actions);
    List<SinkSlot> slots = repair.run(found);
    LogEnd end = LogEnd.of(found.longest());
    LogWriter writer =
        new LogWriter(
            new LogTip(key, clock, config.maxSegment(), end),
            key,
            slots,
            settings,
            found.longest(),
            clock);
    boolean done = false;
    try {
      begin(writer, repair.findings());
      done = true;
      return writer;
    } finally {
      if (!done) {
        writer.close();
      }
    }
  }

  private void begin(LogWriter writer, List<AuditEvent> findings) throws IOException {
    if (!writer.begin()) {
      throw nothingTaken(writer.troubles());
    }
    if (!findings.isEmpty()) {
      var _ = writer.write(findings);
    }
    if (!writer.checkpoint() && !keyFile.isInUse()) {
      throw nothingTaken("no checkpoint could be written");
    }
    keyFile.putInUse();
  }

  private static RefusalException nothingTaken(String why) {
    return new RefusalException(
        AuditRefusal.FAILED, "the audit log cannot be begun: no directory takes it", why);
  }

  static Comparator<LogScan> byLength() {
    return Comparator.comparingLong(scan -> scan.head().map(AuditHead::sequence).orElse(-1L));
  }
}
