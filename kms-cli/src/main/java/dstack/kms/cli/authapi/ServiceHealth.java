package dstack.kms.cli.authapi;

import dstack.kms.core.audit.AuditStats;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.config.Weakening;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.health.Readiness;
import dstack.kms.rpc.health.ReadyCheck;
import dstack.kms.rpc.health.ReadyCheck.Finding;
import dstack.kms.rpc.metrics.ChainMetrics;
import dstack.kms.rpc.metrics.NodeMetrics;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@code /ready} and {@code /metrics} say about the service: codes and our own words. */
final class ServiceHealth {
  private static final Logger log = LoggerFactory.getLogger(ServiceHealth.class);
  private static final String ANSWERS = "answers";

  private final Authority authority;
  private final ServiceSettings settings;
  private final AtomicReference<String> last = new AtomicReference<>(ANSWERS);

  ServiceHealth(Authority authority, ServiceSettings settings) {
    this.authority = authority;
    this.settings = settings;
  }

  Readiness readiness() {
    Readiness readiness = new Readiness(this::notes);
    readiness.add(new ReadyCheck("authority", this::authority));
    readiness.add(new ReadyCheck("audit", this::audit));
    return readiness;
  }

  void showIn(NodeMetrics metrics) {
    ChainMetrics.show(() -> authority, metrics, InstantSource.system());
    metrics.gauge(
        "kms_weakening",
        "Settings weaker than the default.",
        "key",
        () -> settings.weakenings().stream().collect(Collectors.toMap(Weakening::key, _ -> 1.0)));
    AuditTrail audit = settings.audit();
    if (audit.stats().isPresent()) {
      metrics.counter(
          "kms_audit_lines_total",
          "Lines of the audit log made durable.",
          () -> (double) audit.stats().map(AuditStats::lines).orElse(0L));
      metrics.counter(
          "kms_audit_left_out_total",
          "Notes that the audit log did not record.",
          () -> (double) audit.stats().map(AuditStats::leftOut).orElse(0L));
    }
  }

  private List<String> notes() {
    Stream<String> weaker =
        settings.weakenings().stream().map(each -> each.key() + ": " + each.text());
    Stream<String> audit =
        settings.audit().stats().stream()
            .flatMap(stats -> stats.notes().stream())
            .map(note -> "audit log: " + note);
    return Stream.concat(weaker, audit).toList();
  }

  /** What keeps the authority from answering may be in an endpoint's words: the log has them. */
  private Finding authority() {
    try {
      authority.requireAnswering();
      last.set(ANSWERS);
      return Finding.good(
          authority.view().map(block -> "answers at block " + block.number()).orElse(ANSWERS));
    } catch (RefusalException e) {
      String code = e.code().code();
      if (!code.equals(last.getAndSet(code))) {
        log.warn("not ready: {}", DecisionRecord.shown(e));
      }
      return Finding.bad("the authority does not answer: " + code + "; the log says more");
    }
  }

  private Finding audit() {
    try {
      settings.audit().requireWritable();
      return Finding.good(
          settings.audit().stats().isPresent() ? "writable" : "decisions are not recorded");
    } catch (RefusalException e) {
      return Finding.bad(e.code().code());
    }
  }
}
