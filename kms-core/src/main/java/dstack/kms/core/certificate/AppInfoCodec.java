package dstack.kms.core.certificate;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.msgpack.MsgPackReader;
import dstack.kms.core.msgpack.MsgPackType;
import dstack.kms.core.msgpack.MsgPackWriter;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The MessagePack form of {@link AppInfo}: an array of nine values. Read are arrays of eight (older
 * versions) or nine and maps with the fields' names; bytes after the value are ignored.
 */
public final class AppInfoCodec {
  private static final int MAX_FIELD = 65_536;
  private static final int MAX_HASHES = 256;
  private static final String INIT_SCRIPT_HASHES = "init_script_hashes";
  private static final List<String> BYTE_FIELDS =
      List.of(
          "app_id",
          "compose_hash",
          "instance_id",
          "device_id",
          "mr_system",
          "mr_aggregated",
          "os_image_hash",
          "key_provider_info");

  private AppInfoCodec() {}

  /** The array of nine. */
  public static Bytes encode(AppInfo info) {
    MsgPackWriter writer = new MsgPackWriter().writeArrayHeader(BYTE_FIELDS.size() + 1);
    for (Bytes field : byteFields(info)) {
      writer.writeBinary(field);
    }
    Optional<List<Bytes>> hashes = info.initScripts();
    if (hashes.isEmpty()) {
      return writer.writeNil().toBytes();
    }
    writer.writeArrayHeader(hashes.get().size());
    hashes.get().forEach(writer::writeBinary);
    return writer.toBytes();
  }

  /** Refusals begin with {@code Failed to decode app info}. */
  public static AppInfo decode(Bytes encoded) {
    try {
      MsgPackReader reader = new MsgPackReader(encoded);
      return reader.peek() == MsgPackType.MAP ? map(reader) : array(reader);
    } catch (RefusalException e) {
      throw e.within("Failed to decode app info");
    }
  }

  private static List<Bytes> byteFields(AppInfo info) {
    return List.of(
        info.appId(),
        info.composeHash(),
        info.instanceId(),
        info.deviceId(),
        info.mrSystem(),
        info.mrAggregated(),
        info.osImageHash(),
        info.keyProviderInfo());
  }

  private static AppInfo array(MsgPackReader reader) {
    int count = reader.readArrayHeader(BYTE_FIELDS.size() + 1);
    if (count < BYTE_FIELDS.size()) {
      throw malformed("array of " + count + " values");
    }
    Map<String, Bytes> fields = new HashMap<>();
    for (String name : BYTE_FIELDS) {
      fields.put(name, reader.readBytesLenient(MAX_FIELD));
    }
    return info(fields, count > BYTE_FIELDS.size() ? hashes(reader) : null);
  }

  private static AppInfo map(MsgPackReader reader) {
    Map<String, Bytes> fields = new HashMap<>();
    List<List<Bytes>> hashes = new ArrayList<>();
    reader.readMap(
        64,
        key -> {
          if (BYTE_FIELDS.contains(key)) {
            fields.put(key, reader.readBytesLenient(MAX_FIELD));
          } else if (key.equals(INIT_SCRIPT_HASHES)) {
            Optional.ofNullable(hashes(reader)).ifPresent(hashes::add);
          } else {
            reader.skipValue();
          }
        });
    return info(fields, hashes.isEmpty() ? null : hashes.getFirst());
  }

  private static @Nullable List<Bytes> hashes(MsgPackReader reader) {
    if (reader.readNilIfPresent()) {
      return null;
    }
    int count = reader.readArrayHeader(MAX_HASHES);
    List<Bytes> hashes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      hashes.add(reader.readBytesLenient(MAX_FIELD));
    }
    return hashes;
  }

  private static AppInfo info(Map<String, Bytes> fields, @Nullable List<Bytes> hashes) {
    List<Bytes> values = new ArrayList<>();
    for (String name : BYTE_FIELDS) {
      Bytes value = fields.get(name);
      if (value == null) {
        throw malformed("missing field `" + name + "`");
      }
      values.add(value);
    }
    return new AppInfo(
        values.get(0),
        values.get(1),
        values.get(2),
        values.get(3),
        values.get(4),
        values.get(5),
        values.get(6),
        values.get(7),
        hashes);
  }

  private static RefusalException malformed(String why) {
    return new RefusalException(CertificateRefusal.APP_INFO, why);
  }
}
