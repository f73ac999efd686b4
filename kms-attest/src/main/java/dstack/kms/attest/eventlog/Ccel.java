package dstack.kms.attest.eventlog;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;

/**
 * The boot log that TDX firmware leaves in the ACPI table CCEL (specification 12 §1).
 *
 * @param events the measured records in the order of the file
 * @param length how many bytes the log takes up to and including its end marker
 */
public record Ccel(List<TcgEvent> events, int length) {
  private static final List<String> ACPI_NAMES = List.of("acpi-loader", "acpi-rsdp", "acpi-tables");

  public Ccel {
    events = List.copyOf(events);
  }

  /** Parses the content of the table; what follows the end marker is not looked at. */
  public static Ccel parse(Bytes content) {
    TcgLogReader reader = new TcgLogReader(content, EventLogRefusal.CCEL_MALFORMED);
    try {
      reader.skipSpecIdEvent();
    } catch (RefusalException e) {
      throw e.within("Failed to parse spec id event");
    }
    try {
      return new Ccel(reader.eventsUntilEndMarker(), reader.position());
    } catch (RefusalException e) {
      throw e.within("Failed to parse event log");
    }
  }

  /**
   * The same log as TDX events. Records outside the four registers are dropped, the first three
   * ACPI data events get their names, and a record with another number of digests than one is
   * refused.
   */
  public List<TdxEvent> toTdxEvents() {
    List<TdxEvent> converted = new ArrayList<>();
    int acpiEvents = 0;
    for (TcgEvent event : events) {
      if (event.imr() == 0) {
        continue;
      }
      TdxEvent tdxEvent =
          TdxEvent.v1(event.imr() - 1, event.eventType(), onlyDigest(event), "", event.event());
      boolean named = tdxEvent.isAcpiData() && acpiEvents < ACPI_NAMES.size();
      converted.add(named ? tdxEvent.withName(ACPI_NAMES.get(acpiEvents++)) : tdxEvent);
    }
    return List.copyOf(converted);
  }

  private static Bytes onlyDigest(TcgEvent event) {
    if (event.digests().size() != 1) {
      throw new RefusalException(
          EventLogRefusal.CCEL_MALFORMED, "expected 1 digest, got " + event.digests().size());
    }
    return event.digests().getFirst();
  }
}
