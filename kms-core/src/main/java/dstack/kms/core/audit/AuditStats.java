package dstack.kms.core.audit;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a log counts, for metrics and {@code /ready}.
 *
 * @param lines durable since the log was opened
 * @param batches in which they became durable
 * @param queued events that wait to be written
 * @param leftOut notes that were not recorded
 * @param directories how many were configured
 * @param failed those of them that take no lines, by their index, each with the reason
 * @param durable when lines became durable last; empty before the first since the log was opened
 * @param backup when root keys were backed up last, as far as the lines that are there say
 */
public record AuditStats(
    long lines,
    long batches,
    int queued,
    long leftOut,
    int directories,
    Map<Integer, String> failed,
    Optional<Instant> durable,
    Optional<Instant> backup) {
  public AuditStats {
    failed = Map.copyOf(failed);
  }

  /** The reasons alone. */
  public List<String> troubles() {
    return failed.keySet().stream().sorted().map(failed::get).toList();
  }
}
