package dstack.kms.core.audit;

import dstack.kms.core.authority.BlockRef;
import dstack.kms.core.refusal.RefusalException;
import java.util.Map;
import java.util.Optional;

/**
 * One decision, as the part that took it knows it; the log adds number, time, chain and signature.
 *
 * @param kind what was decided on
 * @param outcome how
 * @param subject about whom, if that was a workload or a node
 * @param block where on chain the policy was read, if the authority says so
 * @param facts other public facts by short names, for example a digest or a domain
 */
public record AuditEvent(
    AuditKind kind,
    AuditOutcome outcome,
    Optional<AuditSubject> subject,
    Optional<BlockRef> block,
    Map<String, String> facts) {
  public AuditEvent {
    facts = Map.copyOf(facts);
  }

  /** Something that was done, with these facts. */
  public static AuditEvent done(AuditKind kind, Map<String, String> facts) {
    return new AuditEvent(
        kind, new AuditOutcome.Allowed(), Optional.empty(), Optional.empty(), facts);
  }

  /** Something that was refused, with these facts. */
  public static AuditEvent refused(
      AuditKind kind, RefusalException reason, Map<String, String> facts) {
    return new AuditEvent(
        kind, AuditOutcome.refused(reason), Optional.empty(), Optional.empty(), facts);
  }

  /** Whether it says that something was not done. */
  boolean isRefusal() {
    return outcome instanceof AuditOutcome.Refused;
  }

  /** The same about this workload or node. */
  public AuditEvent about(AuditSubject whom) {
    return new AuditEvent(kind, outcome, Optional.of(whom), block, facts);
  }

  /** The same, decided at this block if one is known. */
  public AuditEvent at(Optional<BlockRef> where) {
    return new AuditEvent(kind, outcome, subject, where, facts);
  }
}
