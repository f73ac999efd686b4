package dstack.kms.core.audit;

import java.util.List;
import java.util.Map;

/**
 * What a log counts, for metrics and {@code /ready}.
 *
 * @param lines durable since the log was opened
 * @param batches in which they became durable
 * @param queued events that wait to be written
 * @param leftOut notes that were not recorded
 * @param directories how many were configured
 * @param failed those of them that take no lines, by their index, each with the reason
 */
public record AuditStats(
    long lines,
    long batches,
    int queued,
    long leftOut,
    int directories,
    Map<Integer, String> failed) {
  public AuditStats {
    failed = Map.copyOf(failed);
  }

  /** The reasons alone. */
  public List<String> troubles() {
    return failed.keySet().stream().sorted().map(failed::get).toList();
  }
}
