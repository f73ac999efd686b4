package dstack.kms.onboard.node;

import dstack.kms.core.audit.AuditEvent;
import dstack.kms.core.audit.AuditKind;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.health.ReadyCheck.Finding;
import dstack.kms.rpc.metrics.NodeMetrics;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the authority allows this node, asked from time to time for {@code /ready} and the audit
 * log. Requests do not rely on it: each asks itself (T-20).
 */
final class SelfWatch {
  private static final Logger log = LoggerFactory.getLogger(SelfWatch.class);

  private final Supplier<Generation> generation;
  private final AuditTrail audit;

  /** Guards the last answer, so that each change is recorded once. */
  private final ReentrantLock asking = new ReentrantLock();

  private volatile @Nullable Standing last;

  /** What the authority says about this node. */
  private sealed interface Standing {
    record Unasked() implements Standing {}

    record Allowed() implements Standing {}

    record Refused(RefusalException reason) implements Standing {}

    default String code() {
      return switch (this) {
        case Unasked _ -> "unasked";
        case Allowed _ -> "allowed";
        case Refused(RefusalException reason) -> reason.code().code();
      };
    }
  }

  SelfWatch(Supplier<Generation> generation, AuditTrail audit) {
    this.generation = generation;
    this.audit = audit;
  }

  /** Asks now, and records the answer if it is another one than before. */
  void ask() {
    var _ = fresh();
  }

  /** What was answered last; asks if that was never. */
  Finding finding() {
    Standing known = last;
    return switch (known == null ? fresh() : known) {
      case Standing.Unasked _ -> Finding.good("not asked: core.enforce_self_authorization = false");
      case Standing.Allowed _ -> Finding.good("the authority allows this node");
      case Standing.Refused(RefusalException reason) ->
          Finding.bad("[" + reason.code().code() + "] " + reason.text());
    };
  }

  void showIn(NodeMetrics metrics) {
    metrics.gauge(
        "kms_self_allowed",
        "Whether the authority allowed this node when it was asked last.",
        this::allowed);
    metrics.gauge(
        "kms_self_attested_timestamp_seconds",
        "When the node's own evidence in use was made, in Unix time.",
        () -> attestedAt().map(at -> (double) at.getEpochSecond()).orElse(Double.NaN));
  }

  /** Nothing is claimed before the first answer. */
  private double allowed() {
    Standing known = last;
    return known == null ? Double.NaN : known instanceof Standing.Refused ? 0 : 1;
  }

  private Optional<Instant> attestedAt() {
    return generation.get().own().attestedAt();
  }

  private Standing fresh() {
    asking.lock();
    try {
      Standing now = answer();
      if (Thread.currentThread().isInterrupted()) {
        return now; // the node ends; what was not answered for that reason is no answer
      }
      Standing before = last;
      last = now;
      if (before == null || !before.code().equals(now.code())) {
        record(now);
      }
      return now;
    } finally {
      asking.unlock();
    }
  }

  private Standing answer() {
    Generation current = generation.get();
    // One that is closed was replaced this very moment.
    return current.enter() ? answer(current) : answer();
  }

  private static Standing answer(Generation current) {
    try {
      return current.self().require().isPresent() ? new Standing.Allowed() : new Standing.Unasked();
    } catch (RefusalException e) {
      return new Standing.Refused(e);
    } finally {
      current.leave();
    }
  }

  private void record(Standing now) {
    switch (now) {
      case Standing.Unasked _ -> log.info("self authorization is not enforced");
      case Standing.Allowed _ -> {
        log.info("the authority allows this node");
        audit.note(AuditEvent.done(AuditKind.SELF_AUTHORIZATION, Map.of()));
      }
      case Standing.Refused(RefusalException reason) -> {
        log.warn("[{}] {} ({})", reason.code().code(), reason.text(), reason.detail());
        audit.note(AuditEvent.refused(AuditKind.SELF_AUTHORIZATION, reason, Map.of()));
      }
    }
  }
}
