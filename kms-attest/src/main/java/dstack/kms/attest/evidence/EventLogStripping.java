package dstack.kms.attest.evidence;

import dstack.kms.attest.eventlog.TdxEvent;
import java.util.List;

/**
 * What of an event log goes into a certificate (specification 10 §5, the rules of current).
 *
 * <p>Runtime events lose their digest, which is recomputed from name and payload; other events lose
 * their payload.
 */
final class EventLogStripping {
  private static final long RUNTIME_REGISTER = 3;

  private EventLogStripping() {}

  /** The events of RTMR 3, stripped. */
  static List<TdxEvent> runtimeEvents(List<TdxEvent> log) {
    return log.stream()
        .filter(event -> event.imr() == RUNTIME_REGISTER)
        .map(TdxEvent::stripped)
        .toList();
  }

  /** The events of RTMR 3, stripped, and the ACPI events of RTMR 0, in their order. */
  static List<TdxEvent> runtimeAndAcpiEvents(List<TdxEvent> log) {
    return log.stream()
        .filter(event -> event.imr() == RUNTIME_REGISTER || event.isAcpiData())
        .map(event -> event.isAcpiData() ? event : event.stripped())
        .toList();
  }
}
