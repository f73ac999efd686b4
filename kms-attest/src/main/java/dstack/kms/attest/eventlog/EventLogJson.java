package dstack.kms.attest.eventlog;

import dstack.kms.attest.json.JsonObject;
import dstack.kms.attest.json.StrictJson;
import dstack.kms.core.refusal.RefusalException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** The JSON form of an event log, an array of objects (specification 12 §2). */
public final class EventLogJson {
  private static final JsonFactory FACTORY = JsonFactory.builder().build();

  private EventLogJson() {}

  /** Reads a log of at most {@link EventLogLimits#MAX_EVENTS} events within the size limits. */
  public static List<TdxEvent> parse(String json) {
    List<TdxEvent> events = new ArrayList<>();
    for (JsonObject object :
        StrictJson.objects(json, EventLogLimits.MAX_EVENTS, EventLogRefusal.EVENT_LOG_MALFORMED)) {
      events.add(event(object));
    }
    return List.copyOf(events);
  }

  /** Writes a log compactly, keys in the order of the specification. */
  public static String write(List<TdxEvent> events) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartArray();
      events.forEach(event -> write(json, event));
      json.writeEndArray();
    }
    return text.toString();
  }

  private static TdxEvent event(JsonObject object) {
    TdxEvent event =
        new TdxEvent(
            object.u32("imr"),
            object.u32("event_type"),
            object.hexOrEmpty("digest"),
            object.text("event"),
            object.hex("event_payload"),
            EventLogVersion.ofNumber(object.u32Or("version", 1)),
            object.optionalText("preimage"));
    if (!EventLogLimits.admits(event)) {
      throw new RefusalException(EventLogRefusal.EVENT_LOG_MALFORMED, "event too large");
    }
    return event;
  }

  private static void write(JsonGenerator json, TdxEvent event) {
    json.writeStartObject();
    json.writeNumberProperty("imr", event.imr());
    json.writeNumberProperty("event_type", event.eventType());
    json.writeStringProperty("digest", event.digest().hex());
    json.writeStringProperty("event", event.name());
    json.writeStringProperty("event_payload", event.payload().hex());
    if (event.version() != EventLogVersion.V1) {
      json.writeNumberProperty("version", event.version().number());
    }
    event.preimage().ifPresent(preimage -> json.writeStringProperty("preimage", preimage));
    json.writeEndObject();
  }
}
