package dstack.kms.core.audit;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;

/** Lines that are known from elsewhere to be in the log: of checkpoints, or anchored on chain. */
final class Witnesses {
  private final TreeMap<Long, Bytes> hashes = new TreeMap<>();

  static Witnesses of(Collection<AuditHead> known) {
    Witnesses witnesses = new Witnesses();
    for (AuditHead head : known) {
      Bytes before = witnesses.hashes.put(head.sequence(), head.hash());
      if (before != null && !before.equals(head.hash())) {
        throw new RefusalException(
            AuditRefusal.DIVERGED,
            "two different lines "
                + head.sequence()
                + " of the audit log are known: there were two logs");
      }
    }
    return witnesses;
  }

  boolean contradict(SealedLine line) {
    Bytes known = hashes.get(line.sequence());
    return known != null && !known.equals(line.hash());
  }

  /** The last line that is known to have been there; -1 if none is. */
  long last() {
    return hashes.isEmpty() ? -1 : hashes.lastKey();
  }

  /** Refuses a log that ends before the last of these lines. */
  void requireReachedBy(Optional<AuditHead> head) {
    long end = head.map(AuditHead::sequence).orElse(-1L);
    if (end < last()) {
      throw new RefusalException(
          AuditRefusal.ROLLED_BACK,
          "the audit log was rolled back: it "
              + (end < 0 ? "is empty" : "ends with line " + end)
              + ", and line "
              + last()
              + " was in it");
    }
  }
}
