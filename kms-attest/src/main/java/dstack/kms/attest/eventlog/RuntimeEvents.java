package dstack.kms.attest.eventlog;

import dstack.kms.core.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * The runtime events of one piece of evidence in the order of their emission.
 *
 * <p>Events after the first {@code system-ready} are the application's own words: they count in the
 * replay of the register and are invisible to look-ups (specification 12 §6).
 */
public record RuntimeEvents(List<RuntimeEvent> events) {
  /** No events. */
  public static final RuntimeEvents NONE = new RuntimeEvents(List.of());

  static final String SYSTEM_READY = "system-ready";
  static final String BOOT_MR_DONE = "boot-mr-done";

  public RuntimeEvents {
    events = List.copyOf(events);
  }

  /** The payload of the first event of that name before {@code system-ready}; empty if none. */
  public Bytes payloadOf(String name) {
    List<Bytes> payloads = payloadsOf(name);
    return payloads.isEmpty() ? Bytes.EMPTY : payloads.getFirst();
  }

  /** The payloads of all events of that name before {@code system-ready}, in order. */
  public List<Bytes> payloadsOf(String name) {
    return systemEvents().stream()
        .filter(event -> event.name().equals(name))
        .map(RuntimeEvent::payload)
        .toList();
  }

  /** The events before the first {@code system-ready}. */
  public List<RuntimeEvent> systemEvents() {
    return events.stream().takeWhile(event -> !event.name().equals(SYSTEM_READY)).toList();
  }

  /** The events up to and including the first {@code boot-mr-done}; all if there is none. */
  public RuntimeEvents untilBootDone() {
    List<RuntimeEvent> boot = new ArrayList<>();
    for (RuntimeEvent event : events) {
      boot.add(event);
      if (event.name().equals(BOOT_MR_DONE)) {
        break;
      }
    }
    return new RuntimeEvents(boot);
  }

  /** The runtime register of a SHA-384 bank after all events: RTMR 3, or PCR 14 of NitroTPM. */
  public Bytes replaySha384() {
    return RegisterReplay.sha384(events.stream().map(RuntimeEvent::sha384).toList());
  }

  /** The runtime register of a SHA-256 bank after all events: PCR 14 of a GCP vTPM. */
  public Bytes replaySha256() {
    return RegisterReplay.sha256(events.stream().map(RuntimeEvent::sha256).toList());
  }
}
