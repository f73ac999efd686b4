package dstack.kms.attest.eventlog;

import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/**
 * The sequence of identity events that the guest software of every release emits (specification 12
 * §6 and §9), stricter than the original, which takes the first of several and tolerates absence.
 *
 * <p>Before {@code system-ready}: each of {@code app-id}, {@code compose-hash}, {@code
 * instance-id}, {@code boot-mr-done} and {@code key-provider} at most once and in this order,
 * {@code boot-mr-done} present, and no name with a colon. The colon matters because a version-1
 * digest does not delimit the name: with one, an application could present {@code key-provider} and
 * half of its payload as the name of another event and so hide it, under the same register value.
 * What comes after {@code system-ready} belongs to the application and is not looked at.
 */
public final class IdentityEventRules {
  private static final List<String> ORDER =
      List.of("app-id", "compose-hash", "instance-id", RuntimeEvents.BOOT_MR_DONE, "key-provider");

  private IdentityEventRules() {}

  /** Refuses events from which an identity cannot be read without doubt. */
  public static void check(RuntimeEvents events) {
    int previous = -1;
    for (RuntimeEvent event : events.systemEvents()) {
      if (event.name().indexOf(':') >= 0) {
        throw refusal("runtime event name contains a colon");
      }
      int rank = ORDER.indexOf(event.name());
      if (rank >= 0 && rank == previous) {
        throw refusal("runtime event " + event.name() + " is repeated");
      }
      if (rank >= 0 && rank < previous) {
        throw refusal("runtime event " + event.name() + " is repeated or out of order");
      }
      previous = Math.max(previous, rank);
    }
    if (events.systemEvents().stream()
        .noneMatch(e -> e.name().equals(RuntimeEvents.BOOT_MR_DONE))) {
      throw refusal("runtime event " + RuntimeEvents.BOOT_MR_DONE + " is missing");
    }
  }

  private static RefusalException refusal(String text) {
    return new RefusalException(EventLogRefusal.EVENT_SEQUENCE, text);
  }
}
