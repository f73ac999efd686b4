package dstack.kms.core.audit;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What a log counts, for metrics and {@code /ready}.
 *
 * @param lines durable since the log was opened
 * @param batches in which they became durable
 * @param queued events that wait to be written
 * @param leftOut notes that were not recorded
 * @param directories how many were configured
 * @param failed those of them that take no lines, by their index, each with the reason
 * @param free the least room, in bytes, that a directory has that takes lines, if that is known
 * @param shortOfRoom those for which refusals are left out now, each with the reason
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
    OptionalLong free,
    List<String> shortOfRoom,
    Optional<Instant> durable,
    Optional<Instant> backup) {
  public AuditStats {
    failed = Map.copyOf(failed);
    shortOfRoom = List.copyOf(shortOfRoom);
  }

  /** What an operator should know: the reasons of those that failed and of those that are short. */
  public List<String> notes() {
    return Stream.concat(troubles().stream(), shortOfRoom.stream()).toList();
  }

  /** The reasons of those that failed. */
  public List<String> troubles() {
    return failed.keySet().stream().sorted().map(failed::get).toList();
  }
}
