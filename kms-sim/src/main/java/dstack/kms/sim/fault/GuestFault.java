package dstack.kms.sim.fault;

import com.google.errorprone.annotations.Immutable;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.container.RuntimeEvent;
import java.util.List;

/** A guest that really measured these runtime events: the registers agree with them. */
public enum GuestFault implements SimulatedFault {
  WITHOUT_APP_ID(events -> drop(events, "app-id")),
  WITHOUT_COMPOSE_HASH(events -> drop(events, "compose-hash")),
  WITHOUT_BOOT_MR_DONE(events -> drop(events, "boot-mr-done")),
  WITHOUT_KEY_PROVIDER(events -> drop(events, "key-provider")),
  WITHOUT_SYSTEM_READY(events -> drop(events, "system-ready")),
  SECOND_APP_ID(
      events -> events.add(2, new RuntimeEvent("app-id", Bytes.fromHex("ee".repeat(20))))),
  APP_ID_AFTER_SYSTEM_READY(
      events -> events.add(new RuntimeEvent("app-id", Bytes.fromHex("ee".repeat(20))))),
  SECOND_BOOT_MR_DONE(events -> events.add(5, new RuntimeEvent("boot-mr-done", Bytes.EMPTY))),
  COMPOSE_HASH_BEFORE_APP_ID(events -> events.add(1, events.remove(2))),
  /** The name and the payload of {@code app-id} divided at another colon: same digest. */
  COLON_IN_EVENT_NAME(events -> events.add(3, new RuntimeEvent("app-id:x", Bytes.EMPTY)));

  /** Changes the list of runtime events. */
  @Immutable
  private interface Edit {
    void apply(List<RuntimeEvent> events);
  }

  private final Edit edit;

  GuestFault(Edit edit) {
    this.edit = edit;
  }

  /** Changes what the guest measures. */
  public void applyTo(List<RuntimeEvent> events) {
    edit.apply(events);
  }

  private static void drop(List<RuntimeEvent> events, String name) {
    events.removeIf(event -> event.name().equals(name));
  }
}
