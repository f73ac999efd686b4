package dstack.kms.core.bootinfo;

import dstack.kms.core.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes a boot info as authorities read it: compact, in the order of specification 04 §7.2, byte
 * fields as lower-case hexadecimal without a prefix.
 *
 * <p>The platform is named twice, {@code teeVariant} and {@code attestationMode}, for authorities
 * of every published version.
 */
public final class BootInfoJson {
  private static final JsonFactory FACTORY = new JsonFactory();

  private BootInfoJson() {}

  /** The JSON object as UTF-8. */
  public static Bytes encode(BootInfo info) {
    ByteArrayOutputStream buffer = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), buffer)) {
      write(info, json);
    }
    return Bytes.of(buffer.toByteArray());
  }

  private static void write(BootInfo info, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("teeVariant", info.teeVariant().wireName());
    json.writeStringProperty("attestationMode", info.teeVariant().wireName());
    json.writeStringProperty("mrAggregated", info.mrAggregated().hex());
    json.writeStringProperty("osImageHash", info.osImageHash().hex());
    json.writeStringProperty("mrSystem", info.mrSystem().hex());
    json.writeStringProperty("appId", info.appId().value().hex());
    json.writeStringProperty("composeHash", info.composeHash().value().hex());
    json.writeStringProperty("instanceId", info.instanceId().value().hex());
    json.writeStringProperty("deviceId", info.announcedDeviceId().hex());
    json.writeStringProperty("keyProviderInfo", info.keyProviderInfo().hex());
    json.writeStringProperty("tcbStatus", info.tcbStatus());
    json.writeArrayPropertyStart("advisoryIds");
    info.advisoryIds().forEach(json::writeString);
    json.writeEndArray();
    json.writeEndObject();
  }
}
