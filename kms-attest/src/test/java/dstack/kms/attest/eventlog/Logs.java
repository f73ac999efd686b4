package dstack.kms.attest.eventlog;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.Vectors;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Real event logs as the vectors give them. */
final class Logs {
  private Logs() {}

  /** The full log of {@code dstack_attestation_v0.bin} from its independently decoded form. */
  static List<TdxEvent> dstack() {
    return EventLogJson.parse(
        Vectors.json("tdx/dstack_attestation_v0.decoded.json").get("event_log").toString());
  }

  static RuntimeEvents dstackRuntimeEvents() {
    List<RuntimeEvent> events = new ArrayList<>();
    for (JsonNode event :
        Vectors.json("tdx/dstack_attestation_v0.decoded.json").get("runtime_events")) {
      events.add(
          RuntimeEvent.v1(
              event.get("event").stringValue(), Bytes.fromHex(event.get("payload").stringValue())));
    }
    return new RuntimeEvents(events);
  }

  static String quoteReportLog() {
    return Vectors.json("tdx/dstack_quote_report.json").get("event_log").stringValue();
  }

  /** Events of that sequence of names with payloads that identity events must have. */
  static RuntimeEvents named(String... names) {
    List<RuntimeEvent> events = new ArrayList<>();
    for (String name : names) {
      events.add(RuntimeEvent.v1(name, Bytes.EMPTY));
    }
    return new RuntimeEvents(events);
  }
}
