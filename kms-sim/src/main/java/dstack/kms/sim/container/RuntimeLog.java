package dstack.kms.sim.container;

import dstack.kms.core.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * The runtime events of a dstack guest in the order in which it emits them (specification 12 §6).
 */
public final class RuntimeLog {
  private RuntimeLog() {}

  /**
   * The events up to {@code system-ready}.
   *
   * @param version of their digests, 1 or 2
   */
  public static List<RuntimeEvent> of(
      Bytes appId,
      Bytes composeHash,
      Bytes instanceId,
      Bytes osImageHash,
      Bytes keyProvider,
      int version) {
    List<RuntimeEvent> events = new ArrayList<>();
    events.add(new RuntimeEvent("system-preparing", Bytes.EMPTY, version));
    events.add(new RuntimeEvent("app-id", appId, version));
    events.add(new RuntimeEvent("compose-hash", composeHash, version));
    events.add(new RuntimeEvent("instance-id", instanceId, version));
    events.add(new RuntimeEvent("boot-mr-done", Bytes.EMPTY, version));
    if (!osImageHash.isEmpty()) {
      events.add(new RuntimeEvent("os-image-hash", osImageHash, version));
    }
    events.add(new RuntimeEvent("key-provider", keyProvider, version));
    events.add(new RuntimeEvent("storage-fs", Bytes.utf8("zfs"), version));
    events.add(new RuntimeEvent("system-ready", Bytes.EMPTY, version));
    return List.copyOf(events);
  }
}
