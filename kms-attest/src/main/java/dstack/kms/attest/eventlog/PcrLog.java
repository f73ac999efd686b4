package dstack.kms.attest.eventlog;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/**
 * The boot log of a TPM in the crypto-agile form (specification 14 §2.3).
 *
 * @param events the records after the first, in the order of the log; their {@link TcgEvent#imr()}
 *     is the register
 */
public record PcrLog(List<TcgEvent> events) {
  private static final Bytes SIGNATURE = Bytes.utf8("Spec ID Event03\0");
  private static final long NO_ACTION = 3;
  private static final int SHA256_LENGTH = 32;

  /**
   * One extension of the SHA-256 bank.
   *
   * @param register a u32
   * @param digest 32 bytes
   */
  public record Extension(long register, Bytes digest) {}

  public PcrLog {
    events = List.copyOf(events);
  }

  /**
   * Parses a log to its end marker or its end: real ones have no marker. A log of the older form,
   * which has no SHA-256 digests, is refused.
   */
  public static PcrLog parse(Bytes content) {
    TcgLogReader reader = new TcgLogReader(content, EventLogRefusal.TPM_LOG_MALFORMED);
    if (!reader.skipSpecIdEvent().equals(SIGNATURE)) {
      throw new RefusalException(
          EventLogRefusal.TPM_LOG_MALFORMED, "the first record is no Spec ID Event03");
    }
    return new PcrLog(reader.eventsUntilEnd());
  }

  /**
   * What the SHA-256 bank was extended with. Records of type EV_NO_ACTION extend nothing; a record
   * without a SHA-256 digest is left out. Digest lengths are unique among the known algorithms.
   */
  public List<Extension> sha256Digests() {
    return events.stream()
        .filter(event -> event.eventType() != NO_ACTION)
        .flatMap(
            event ->
                event.digests().stream()
                    .filter(digest -> digest.length() == SHA256_LENGTH)
                    .limit(1)
                    .map(digest -> new Extension(event.imr(), digest)))
        .toList();
  }
}
