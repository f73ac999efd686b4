package dstack.kms.sim.container;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.msgpack.MsgPackWriter;
import java.util.List;

/** The encoding V1 (specification 10 §3). */
final class MsgPackContainer {
  private MsgPackContainer() {}

  static Bytes of(
      Bytes quote,
      List<LoggedEvent> eventLog,
      List<RuntimeEvent> runtimeEvents,
      Bytes reportData,
      String config) {
    MsgPackWriter pack = new MsgPackWriter().writeMapHeader(3);
    pack.writeString("version").writeInteger(1);
    pack.writeString("platform").writeMapHeader(2).writeString("kind").writeString("tdx");
    pack.writeString("data").writeMapHeader(2);
    pack.writeString("quote").writeBytesAsArray(quote);
    pack.writeString("event_log").writeArrayHeader(eventLog.size());
    eventLog.forEach(event -> logged(pack, event));
    pack.writeString("stack").writeMapHeader(2).writeString("kind").writeString("dstack");
    pack.writeString("data").writeMapHeader(3);
    pack.writeString("report_data").writeBytesAsArray(reportData);
    pack.writeString("runtime_events").writeArrayHeader(runtimeEvents.size());
    runtimeEvents.forEach(event -> runtime(pack, event));
    return pack.writeString("config").writeString(config).toBytes();
  }

  private static void logged(MsgPackWriter pack, LoggedEvent event) {
    boolean versioned = event.version() != 1;
    pack.writeMapHeader(versioned ? 7 : 5);
    pack.writeString("imr").writeInteger(event.register());
    pack.writeString("event_type").writeInteger(Integer.toUnsignedLong(event.type()));
    pack.writeString("digest").writeBinary(event.digest());
    pack.writeString("event").writeString(event.name());
    pack.writeString("event_payload").writeBinary(event.payload());
    if (versioned) {
      pack.writeString("version").writeInteger(event.version());
    }
    event.preimage().ifPresent(text -> pack.writeString("preimage").writeString(text.hex()));
  }

  private static void runtime(MsgPackWriter pack, RuntimeEvent event) {
    boolean versioned = event.version() != 1;
    pack.writeMapHeader(versioned ? 3 : 2);
    pack.writeString("event").writeString(event.name());
    pack.writeString("payload").writeBinary(event.payload());
    if (versioned) {
      pack.writeString("version").writeInteger(event.version());
    }
  }
}
