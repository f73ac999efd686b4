package dstack.kms.attest.eventlog;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/**
 * The part of a TDX event log that verification does not need must not contradict the part that it
 * does (specification 12 §9). The original never compares them.
 *
 * <p>Two rules, both of which hold for every real vector. Runtime-type events, if the log has any,
 * are the replayed runtime events, one by one, and a digest that is present is the right one. Where
 * the log still has boot events of a register (besides the ACPI events that stripping keeps), their
 * replay equals the quoted register. A log that was stripped of its boot events proves nothing
 * about them and is accepted.
 */
public final class EventLogConsistency {
  private EventLogConsistency() {}

  /** Refuses a log whose runtime-type events differ from the replayed ones. */
  public static void checkRuntimeEvents(List<TdxEvent> log, RuntimeEvents replayed) {
    List<TdxEvent> logged =
        log.stream().filter(event -> event.eventType() == RuntimeEvent.TYPE).toList();
    if (logged.isEmpty()) {
      return;
    }
    List<RuntimeEvent> events =
        logged.stream().flatMap(event -> event.runtimeEvent().stream()).toList();
    if (!events.equals(replayed.events())) {
      throw refusal("event log and runtime events differ");
    }
    for (TdxEvent event : logged) {
      boolean digestIsRight =
          event.digest().isEmpty()
              || event
                  .runtimeEvent()
                  .map(RuntimeEvent::sha384)
                  .orElseThrow()
                  .equals(event.digest());
      if (!digestIsRight) {
        throw refusal("digest of runtime event " + event.name() + " does not match the event");
      }
    }
  }

  /** Refuses a log whose boot events of one register do not replay to its quoted value. */
  public static void checkBootRegister(List<TdxEvent> log, int register, Bytes quoted) {
    List<TdxEvent> boot = log.stream().filter(event -> event.imr() == register).toList();
    if (boot.stream().allMatch(TdxEvent::isAcpiData)) {
      return;
    }
    Bytes replayed = RegisterReplay.sha384(boot.stream().map(TdxEvent::digest).toList());
    if (!replayed.equals(quoted)) {
      throw refusal("RTMR" + register + " mismatch, quoted: " + quoted + ", replayed: " + replayed);
    }
  }

  private static RefusalException refusal(String text) {
    return new RefusalException(EventLogRefusal.EVENT_LOG_CONTRADICTS, text);
  }
}
