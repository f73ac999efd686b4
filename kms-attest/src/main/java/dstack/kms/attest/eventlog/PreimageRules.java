package dstack.kms.attest.eventlog;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;

/**
 * Version-2 events in a log must agree with what they claim to hash (specification 12 §5).
 *
 * <p>The original wants digest and preimage of each and so refuses every certificate and every
 * request to sign one from a guest that uses version 2, because those never carry both. Here a part
 * that is absent is recomputed from name and payload, provided that the replayed runtime events
 * hold the very same event in the same place; what is present must match. An event whose payload
 * was stripped away with its digest cannot be recomputed and is refused.
 */
public final class PreimageRules {
  private PreimageRules() {}

  /** Refuses version-2 events that cannot be recomputed or that contradict themselves. */
  public static void check(List<TdxEvent> log, RuntimeEvents replayed) {
    int place = 0;
    for (int i = 0; i < log.size(); i++) {
      TdxEvent event = log.get(i);
      if (event.runtimeEvent().isPresent()) {
        if (event.version() == EventLogVersion.V2) {
          check(i, event, event.runtimeEvent().get(), at(place, replayed));
        }
        place++;
      }
    }
  }

  /** The one replayed event to compare with: a search would take quadratic time. */
  private static Optional<RuntimeEvent> at(int place, RuntimeEvents replayed) {
    List<RuntimeEvent> events = replayed.events();
    return place < events.size() ? Optional.of(events.get(place)) : Optional.empty();
  }

  private static void check(
      int index, TdxEvent event, RuntimeEvent runtimeEvent, Optional<RuntimeEvent> replayed) {
    if (event.preimage().isPresent()) {
      checkPreimage(index, event, decoded(index, event.preimage().get()), runtimeEvent.preimage());
      return;
    }
    boolean recomputable =
        event.digest().isEmpty()
            ? replayed.filter(runtimeEvent::equals).isPresent()
            : event.digest().equals(runtimeEvent.sha384());
    if (!recomputable) {
      throw refusal(index, "is missing its digest preimage");
    }
  }

  private static void checkPreimage(int index, TdxEvent event, Bytes given, Bytes canonical) {
    if (!event.digest().isEmpty() && !event.digest().equals(Digests.sha384(given))) {
      throw refusal(index, "digest does not match its preimage");
    }
    if (!given.equals(canonical)) {
      throw refusal(index, "preimage is not the canonical event representation");
    }
  }

  private static Bytes decoded(int index, String hex) {
    try {
      return Bytes.fromHex(hex);
    } catch (IllegalArgumentException e) {
      throw refusal(index, "has a malformed digest preimage");
    }
  }

  private static RefusalException refusal(int index, String what) {
    return new RefusalException(
        EventLogRefusal.EVENT_PREIMAGE, "V2 runtime event " + index + " " + what);
  }
}
