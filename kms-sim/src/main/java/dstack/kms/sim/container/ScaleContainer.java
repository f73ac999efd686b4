package dstack.kms.sim.container;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.scale.ScaleWriter;
import java.util.List;

/** The encoding V0 (specification 10 §2); it has no place for versions and preimages. */
final class ScaleContainer {
  private static final int V0 = 0;
  private static final int TDX = 0;

  private ScaleContainer() {}

  static Bytes of(
      Bytes quote,
      List<LoggedEvent> eventLog,
      List<RuntimeEvent> runtimeEvents,
      Bytes reportData,
      String config) {
    ScaleWriter scale = new ScaleWriter().writeU8(V0).writeU8(TDX).writeBytes(quote);
    scale.writeLength(eventLog.size());
    for (LoggedEvent event : eventLog) {
      scale.writeU32(event.register()).writeU32(Integer.toUnsignedLong(event.type()));
      scale.writeBytes(event.digest()).writeString(event.name()).writeBytes(event.payload());
    }
    scale.writeLength(runtimeEvents.size());
    for (RuntimeEvent event : runtimeEvents) {
      scale.writeString(event.name()).writeBytes(event.payload());
    }
    return scale.writeFixed(reportData).writeString(config).toBytes();
  }
}
