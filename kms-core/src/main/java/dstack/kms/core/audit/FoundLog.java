package dstack.kms.core.audit;

import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What all directories of a log hold, after every line of them was found to be what was written.
 *
 * @param copies what each directory holds
 * @param longest the copy that has everything
 */
record FoundLog(Map<LogFolder, LogScan> copies, LogScan longest) {
  /** Looks, changes nothing, and refuses what no crash can have left. */
  static FoundLog in(List<LogFolder> folders, AuditPublicKey key, AuditKeyFile keyFile)
      throws IOException {
    List<AuditHead> heads = new ArrayList<>();
    for (LogFolder folder : folders) {
      folder.checkpoint().ifPresent(checkpoint -> heads.add(ownHead(checkpoint, key)));
    }
    Witnesses witnesses = Witnesses.of(heads);
    Map<LogFolder, LogScan> copies = new LinkedHashMap<>();
    for (LogFolder folder : folders) {
      long own = folder.checkpoint().map(c -> c.head().sequence()).orElse(-1L);
      LogScan.Known known = new LogScan.Known(key, witnesses, own, own);
      copies.put(folder, LogScan.of(ownSegments(folder, key), known));
    }
    LogScan longest = copies.values().stream().max(LogOpening.byLength()).orElseThrow();
    witnesses.requireReachedBy(longest.head());
    requireBegun(keyFile, longest, heads.isEmpty());
    for (Map.Entry<LogFolder, LogScan> copy : copies.entrySet()) {
      LogCopy.requireBeginning(copy.getKey(), copy.getValue(), longest);
    }
    return new FoundLog(copies, longest);
  }

  private static AuditHead ownHead(Checkpoint checkpoint, AuditPublicKey key) {
    if (!checkpoint.key().equals(key)) {
      throw foreign(checkpoint.key());
    }
    return checkpoint.head();
  }

  private static List<Segment> ownSegments(LogFolder folder, AuditPublicKey key)
      throws IOException {
    List<Segment> segments = folder.segments();
    if (!segments.isEmpty()) {
      Optional<AuditPublicKey> named = SegmentStart.key(segments.getFirst());
      if (named.filter(other -> !other.equals(key)).isPresent()) {
        throw foreign(named.get());
      }
    }
    return segments;
  }

  private static RefusalException foreign(AuditPublicKey other) {
    return new RefusalException(
        AuditRefusal.FOREIGN_KEY,
        "the audit log is signed by the key " + other.id() + ", which is not the one in audit.key");
  }

  /** A key goes into use when a line and a checkpoint are durable; both must be there since. */
  private static void requireBegun(AuditKeyFile keyFile, LogScan longest, boolean noCheckpoint) {
    long last = longest.head().map(AuditHead::sequence).orElse(-1L);
    if (keyFile.isInUse() && last < 0) {
      throw new RefusalException(
          AuditRefusal.ROLLED_BACK,
          "the audit log that "
              + keyFile.file()
              + " has signed is gone; restore it, or move the key away to begin a new log");
    }
    if (noCheckpoint && (keyFile.isInUse() || last > 0)) {
      throw new RefusalException(
          AuditRefusal.CHANGED, "the checkpoint of the audit log, audit.head, is gone");
    }
  }
}
