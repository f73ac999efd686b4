package dstack.kms.core.audit;

import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Looks at every line of a log that somebody keeps, every signature included, and changes nothing.
 *
 * @param key what the lines must hold under; without it the key that the log itself names
 * @param head a line that is known to be in the log, for example anchored on chain
 * @param from the line that the log must begin with, if earlier files were moved away
 */
public record AuditVerification(
    Optional<AuditPublicKey> key, Optional<AuditHead> head, OptionalLong from) {
  /** Whatever the log itself says. */
  public static AuditVerification ofItself() {
    return new AuditVerification(Optional.empty(), Optional.empty(), OptionalLong.empty());
  }

  /**
   * What the log is, if it holds.
   *
   * @throws RefusalException with an {@link AuditRefusal} that names the first line that does not
   */
  public AuditReport verify(Path directory) {
    try {
      return verified(directory);
    } catch (IOException e) {
      throw RefusalException.causedBy(
          AuditRefusal.FAILED, "cannot read the audit log in " + directory, e);
    }
  }

  private AuditReport verified(Path directory) throws IOException {
    List<Segment> segments =
        Files.isDirectory(directory) ? Segment.in(directory) : List.<Segment>of();
    if (segments.isEmpty()) {
      throw new RefusalException(AuditRefusal.MISSING, "there is no audit log in " + directory);
    }
    Optional<Checkpoint> checkpoint = Checkpoint.read(directory);
    AuditPublicKey expected = expectedKey(segments.getFirst(), checkpoint);
    requireBeginning(segments.getFirst().first());
    Witnesses witnesses = witnesses(checkpoint);
    LogScan scan = LogScan.of(segments, new LogScan.Known(expected, witnesses, -1, -1));
    scan.torn().ifPresent(AuditVerification::refuseTorn);
    witnesses.requireReachedBy(scan.head());
    AuditHead last = scan.head().orElseThrow();
    return new AuditReport(
        segments.getFirst().first(),
        last,
        segments.size(),
        expected,
        checkpoint
            .map(c -> c.head().sequence())
            .map(OptionalLong::of)
            .orElse(OptionalLong.empty()));
  }

  private AuditPublicKey expectedKey(Segment first, Optional<Checkpoint> checkpoint)
      throws IOException {
    Optional<AuditPublicKey> named = SegmentStart.key(first);
    AuditPublicKey expected =
        key.or(() -> named)
            .orElseThrow(() -> LogScan.changed(first.first(), "it does not name the key"));
    List<AuditPublicKey> all = new ArrayList<>();
    named.ifPresent(all::add);
    checkpoint.map(Checkpoint::key).ifPresent(all::add);
    for (AuditPublicKey other : all) {
      if (!other.equals(expected)) {
        throw new RefusalException(
            AuditRefusal.FOREIGN_KEY,
            "the audit log is signed by the key " + other.id() + ", expected is " + expected.id());
      }
    }
    return expected;
  }

  private void requireBeginning(long first) {
    long wanted = from.orElse(0);
    if (first > wanted) {
      throw new RefusalException(
          AuditRefusal.MISSING,
          "the audit log begins with line "
              + first
              + "; if the files before were moved away, say so: --from "
              + first);
    }
    if (first < wanted) {
      throw new RefusalException(
          AuditRefusal.MISSING,
          "the audit log begins with line " + first + ", not with " + wanted + " as was said");
    }
  }

  private Witnesses witnesses(Optional<Checkpoint> checkpoint) {
    List<AuditHead> known = new ArrayList<>();
    checkpoint.map(Checkpoint::head).ifPresent(known::add);
    head.ifPresent(known::add);
    head.filter(line -> line.sequence() < from.orElse(0))
        .ifPresent(
            line -> {
              throw new RefusalException(
                  AuditRefusal.MISSING,
                  "line " + line.sequence() + " is in a file that is not here");
            });
    return Witnesses.of(known);
  }

  private static void refuseTorn(LogScan.Part torn) {
    throw new RefusalException(
        AuditRefusal.INCOMPLETE,
        torn.segment().name()
            + " does not end with a whole line: a crash cut it off, or a server is just writing");
  }
}
