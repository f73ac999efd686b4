package dstack.kms.attest.eventlog;

import dstack.kms.core.bytes.Bytes;

/** How large a log and an event may be (specification 10 §9). */
public final class EventLogLimits {
  /** Events in one log. */
  public static final int MAX_EVENTS = 4096;

  /** Bytes of a digest: the largest that any known algorithm makes. */
  public static final int MAX_DIGEST = 64;

  /** Bytes of a name in UTF-8. */
  public static final int MAX_NAME = 1024;

  /** Bytes of a payload. */
  public static final int MAX_PAYLOAD = 1 << 20;

  /** Characters of a preimage: the hexadecimal text of the canonical JSON of a maximal event. */
  public static final int MAX_PREIMAGE = 8 * MAX_PAYLOAD;

  private EventLogLimits() {}

  static boolean admits(TdxEvent event) {
    return event.digest().length() <= MAX_DIGEST
        && event.name().length() <= MAX_NAME
        && Bytes.utf8(event.name()).length() <= MAX_NAME
        && event.payload().length() <= MAX_PAYLOAD
        && event.preimage().map(String::length).orElse(0) <= MAX_PREIMAGE;
  }
}
