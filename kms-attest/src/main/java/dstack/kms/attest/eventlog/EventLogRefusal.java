package dstack.kms.attest.eventlog;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why an event log is not acceptable. */
public enum EventLogRefusal implements RefusalCode {
  /** The JSON form of a log is not of the agreed form. */
  EVENT_LOG_MALFORMED("event-log-malformed", RefusalKind.INVALID),
  /** The boot log of the firmware is not of the agreed form. */
  CCEL_MALFORMED("ccel-malformed", RefusalKind.INVALID),
  /** The boot log of the TPM is not of the agreed form. */
  TPM_LOG_MALFORMED("tpm-log-malformed", RefusalKind.INVALID),
  /** A name, payload or version that no event can have. */
  EVENT_MALFORMED("event-malformed", RefusalKind.INVALID),
  /** The digest or preimage of a version-2 event contradicts the event or cannot be recomputed. */
  EVENT_PREIMAGE("event-preimage", RefusalKind.REFUSED),
  /** The event log contradicts the quote or the replayed runtime events. */
  EVENT_LOG_CONTRADICTS("event-log-contradicts", RefusalKind.REFUSED),
  /** Identity events that are repeated, out of order, missing or ambiguous. */
  EVENT_SEQUENCE("event-sequence", RefusalKind.REFUSED);

  private final String code;
  private final RefusalKind kind;

  EventLogRefusal(String code, RefusalKind kind) {
    this.code = code;
    this.kind = kind;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public RefusalKind kind() {
    return kind;
  }
}
