package dstack.kms.core.audit;

import dstack.kms.core.refusal.RefusalException;

/** How a decision went. */
public sealed interface AuditOutcome {
  /** It was done, or allowed and is about to be done. */
  record Allowed() implements AuditOutcome {}

  /**
   * It was refused.
   *
   * @param code the stable code
   * @param reason the text that the caller hears
   */
  record Refused(String code, String reason) implements AuditOutcome {}

  /** Refused for this reason. */
  static AuditOutcome refused(RefusalException reason) {
    return new Refused(reason.code().code(), reason.text());
  }
}
