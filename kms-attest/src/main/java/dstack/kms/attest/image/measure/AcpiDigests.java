package dstack.kms.attest.image.measure;

import dstack.kms.attest.eventlog.TdxEvent;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/**
 * What the firmware measured of the ACPI data that QEMU gave it, SHA-384 each.
 *
 * @param loader of the table loader's commands
 * @param rsdp of the root pointer
 * @param tables of the tables
 */
public record AcpiDigests(Bytes loader, Bytes rsdp, Bytes tables) {
  private static final int DIGEST_LENGTH = 48;

  /** Refuses digests of another length than 48 bytes. */
  public AcpiDigests {
    if (loader.length() != DIGEST_LENGTH
        || rsdp.length() != DIGEST_LENGTH
        || tables.length() != DIGEST_LENGTH) {
      throw refused("ACPI event with a digest of another length than 48 bytes");
    }
  }

  /**
   * The digests as the event log states them. They are bound by RTMR 0, which has to be recomputed
   * with them; what the tables say remains unknown.
   */
  public static AcpiDigests stated(List<TdxEvent> eventLog) {
    List<TdxEvent> events = eventLog.stream().filter(TdxEvent::isAcpiData).toList();
    if (events.size() != 3) {
      throw refused("the event log has " + events.size() + " ACPI DATA events instead of 3");
    }
    return new AcpiDigests(
        digest(events, "acpi-loader"), digest(events, "acpi-rsdp"), digest(events, "acpi-tables"));
  }

  private static Bytes digest(List<TdxEvent> events, String name) {
    List<TdxEvent> named = events.stream().filter(event -> event.name().equals(name)).toList();
    if (named.size() != 1) {
      throw refused("the event log has " + named.size() + " events " + name + " instead of 1");
    }
    return named.getFirst().digest();
  }

  private static RefusalException refused(String text) {
    return MeasureRefusal.ACPI_EVENTS.because(text);
  }
}
