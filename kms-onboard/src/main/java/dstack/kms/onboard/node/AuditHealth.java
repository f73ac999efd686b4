package dstack.kms.onboard.node;

import dstack.kms.core.audit.AuditStats;
import dstack.kms.core.audit.AuditTrail;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** What metrics and {@code /ready} say about the audit log. */
final class AuditHealth {
  private AuditHealth() {}

  /** Shows the log, if one is kept; whether it can be written at all is a check of its own. */
  static void show(AuditTrail audit, NodeHealth health) {
    if (audit.stats().isEmpty()) {
      return;
    }
    health.note(() -> notes(audit));
    health
        .metrics()
        .counter(
            "kms_audit_lines_total",
            "Lines of the audit log made durable.",
            () -> value(audit, AuditStats::lines));
    health
        .metrics()
        .counter(
            "kms_audit_left_out_total",
            "Notes that the audit log did not record.",
            () -> value(audit, AuditStats::leftOut));
    health
        .metrics()
        .gauge(
            "kms_audit_queue",
            "Events that wait to be recorded.",
            () -> value(audit, AuditStats::queued));
    health
        .metrics()
        .gauge(
            "kms_audit_directories_failed",
            "Directories that take no lines of the audit log.",
            () -> value(audit, stats -> stats.failed().size()));
    health
        .metrics()
        .gauge(
            "kms_audit_free_bytes",
            "Room that the fullest volume of the audit log has.",
            () -> free(audit));
    health
        .metrics()
        .gauge(
            "kms_audit_durable_timestamp_seconds",
            "When lines of the audit log became durable last, in Unix time.",
            () -> moment(audit, AuditStats::durable));
    health
        .metrics()
        .gauge(
            "kms_backup_timestamp_seconds",
            "When the root keys were backed up last, by the audit log, in Unix time.",
            () -> moment(audit, AuditStats::backup));
  }

  private static double moment(AuditTrail audit, Function<AuditStats, Optional<Instant>> of) {
    return audit.stats().flatMap(of).map(at -> (double) at.getEpochSecond()).orElse(Double.NaN);
  }

  private static double free(AuditTrail audit) {
    OptionalLong free = audit.stats().map(AuditStats::free).orElse(OptionalLong.empty());
    return free.isPresent() ? free.getAsLong() : Double.NaN;
  }

  private static List<String> notes(AuditTrail audit) {
    return audit.stats().map(AuditStats::notes).orElse(List.of()).stream()
        .map(note -> "audit log: " + note)
        .toList();
  }

  private static double value(AuditTrail audit, ToDoubleFunction<AuditStats> of) {
    return audit.stats().map(stats -> of.applyAsDouble(stats)).orElse(Double.NaN);
  }
}
