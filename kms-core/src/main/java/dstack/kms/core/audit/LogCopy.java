package dstack.kms.core.audit;

import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Compares the copies of one log. */
final class LogCopy {
  private LogCopy() {}

  /** Refuses a copy that is not a beginning of the longest one, byte for byte. */
  static void requireBeginning(LogFolder folder, LogScan own, LogScan longest) throws IOException {
    for (LogScan.Part part : own.parts()) {
      boolean last = part.equals(own.parts().getLast());
      Optional<LogScan.Part> other = part(longest, part.segment().first());
      boolean movedAway = part.segment().first() < longest.parts().getFirst().segment().first();
      if (other.isEmpty() && movedAway && !last) {
        continue;
      }
      if (other.isEmpty() || !fits(part, other.get(), last)) {
        throw new RefusalException(
            AuditRefusal.DIVERGED,
            "the audit log in "
                + folder.directory()
                + " is not a copy of the longest one, from "
                + part.segment().name()
                + " on; move away the one that is not wanted, nothing is overwritten");
      }
    }
  }

  private static boolean fits(LogScan.Part part, LogScan.Part other, boolean last)
      throws IOException {
    boolean reaches = last ? part.length() <= other.length() : part.length() == other.length();
    return reaches && FileRange.same(part.segment().file(), other.segment().file(), part.length());
  }

  private static Optional<LogScan.Part> part(LogScan scan, long first) {
    return scan.parts().stream().filter(part -> part.segment().first() == first).findFirst();
  }

  /** The files that a beginning of the log lacks, or has not to their end. */
  static List<LogScan.Part> missing(LogScan own, LogScan longest) {
    if (own.parts().isEmpty()) {
      return longest.parts();
    }
    LogScan.Part last = own.parts().getLast();
    return longest.parts().stream()
        .filter(part -> part.segment().first() >= last.segment().first())
        .filter(
            part ->
                part.segment().first() > last.segment().first() || part.length() > last.length())
        .toList();
  }
}
