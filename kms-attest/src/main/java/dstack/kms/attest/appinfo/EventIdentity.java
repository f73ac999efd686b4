package dstack.kms.attest.appinfo;

import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;

/**
 * What the runtime events of a guest say about it at a point, on every platform that has them: the
 * registers that they lead to are each platform's own.
 *
 * @param events all of them, replayed against what the hardware signed
 * @param point at the boot's end nothing is known of a key provider, and later events do not count
 */
public record EventIdentity(RuntimeEvents events, MeasurementPoint point) {
  /** The key provider's info; empty at boot. */
  public Bytes keyProviderInfo() {
    return switch (point) {
      case RUNTIME -> events.payloadOf("key-provider");
      case BOOT -> Bytes.EMPTY;
    };
  }

  /** The events that count. */
  public RuntimeEvents measured() {
    return switch (point) {
      case RUNTIME -> events;
      case BOOT -> events.untilBootDone();
    };
  }

  /**
   * Identity and measurements.
   *
   * @param rawDeviceId the platform's own id
   * @param mrSystem of the platform with {@link #keyProviderInfo()}
   * @param mrAggregated of the platform with {@link #measured()}
   */
  public AppInfo appInfo(Bytes rawDeviceId, Bytes mrSystem, Bytes mrAggregated, Bytes osImageHash) {
    return new AppInfo(
        events.payloadOf("app-id"),
        events.payloadOf("compose-hash"),
        events.payloadOf("instance-id"),
        Digests.sha256(rawDeviceId),
        mrSystem,
        mrAggregated,
        osImageHash,
        keyProviderInfo(),
        events.payloadsOf("init-script-hash"));
  }
}
