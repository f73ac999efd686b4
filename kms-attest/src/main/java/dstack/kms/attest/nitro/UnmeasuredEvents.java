package dstack.kms.attest.nitro;

import dstack.kms.attest.eventlog.RuntimeEvent;
import dstack.kms.attest.eventlog.RuntimeEvents;
import java.util.HashSet;
import java.util.Set;

/**
 * Which events an enclave may state about itself (specification 15 §4 and §11.2). Nothing measures
 * them: an authority must tie the app id to the image, as the contracts of an app do.
 */
public enum UnmeasuredEvents {
  /** One {@code app-id} of 20 bytes at most; what the client of enclaves sends. */
  APP_ID_ONLY,
  /** Also one {@code instance-id} of 20 bytes and one {@code key-provider} of up to 4 KiB. */
  IDENTITY;

  private static final int ID_LENGTH = 20;
  private static final int MAX_KEY_PROVIDER = 4096;

  /** Refuses every other event, and each of them a second time. */
  void require(RuntimeEvents events) {
    Set<String> seen = new HashSet<>();
    for (RuntimeEvent event : events.events()) {
      if (!isAllowed(event.name())) {
        throw NitroRefusal.UNMEASURED_EVENTS.because(
            "a nitro enclave's events are not measured and may only be "
                + (this == APP_ID_ONLY ? "app-id" : "app-id, instance-id and key-provider"));
      }
      if (!seen.add(event.name())) {
        throw NitroRefusal.UNMEASURED_EVENTS.because(
            "runtime event " + event.name() + " is repeated");
      }
      requireLength(event);
    }
  }

  private boolean isAllowed(String name) {
    return switch (name) {
      case "app-id" -> true;
      case "instance-id", "key-provider" -> this == IDENTITY;
      default -> false;
    };
  }

  private static void requireLength(RuntimeEvent event) {
    int length = event.payload().length();
    if (event.name().equals("key-provider")) {
      if (length > MAX_KEY_PROVIDER) {
        throw NitroRefusal.UNMEASURED_EVENTS.because("key-provider is longer than 4 KiB");
      }
      return;
    }
    if (length != ID_LENGTH) {
      throw NitroRefusal.UNMEASURED_EVENTS.because(
          event.name().replace('-', '_') + " must be 20 bytes");
    }
  }
}
