package dstack.kms.attest.eventlog;

import dstack.kms.core.refusal.RefusalException;

/** How the digest of a runtime event is formed (specification 12 §4). */
public enum EventLogVersion {
  /** Over type, name and payload joined by colons. */
  V1(1),
  /** Over the canonical JSON of name, payload and type. */
  V2(2);

  private final int number;

  EventLogVersion(int number) {
    this.number = number;
  }

  /** The number on the wire. */
  public int number() {
    return number;
  }

  /** The version of that number; refuses others: {@code unknown event log version: {v}}. */
  public static EventLogVersion ofNumber(long number) {
    if (number == 1) {
      return V1;
    }
    if (number == 2) {
      return V2;
    }
    throw new RefusalException(
        EventLogRefusal.EVENT_MALFORMED, "unknown event log version: " + number);
  }
}
