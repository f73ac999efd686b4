package dstack.kms.sim.container;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON form of an event log, not stripped (specification 12 §2). */
public final class EventLogJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private EventLogJson() {}

  /** A JSON array in one line. */
  public static String of(List<LoggedEvent> log) {
    ArrayNode array = JSON.createArrayNode();
    for (LoggedEvent event : log) {
      ObjectNode line = array.addObject();
      line.put("imr", event.register());
      line.put("event_type", Integer.toUnsignedLong(event.type()));
      line.put("digest", event.digest().hex());
      line.put("event", event.name());
      line.put("event_payload", event.payload().hex());
      if (event.version() != 1) {
        line.put("version", event.version());
      }
      event.preimage().ifPresent(text -> line.put("preimage", text.hex()));
    }
    return JSON.writeValueAsString(array);
  }
}
