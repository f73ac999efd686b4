package dstack.kms.attest.evidence;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.msgpack.MsgPackReader;
import dstack.kms.core.refusal.RefusalException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The members of one MessagePack map, found by name.
 *
 * <p>A repeated name is refused. An unknown one is passed over, as the original does: a later guest
 * may add one, and nothing unknown can change what the evidence proves.
 */
final class MsgPackFields {
  private static final int MAX_ENTRIES = 64;

  private final Map<String, Bytes> values = new HashMap<>();

  private MsgPackFields() {}

  /** Reads a map; each name before its values may depend on what came before it. */
  static MsgPackFields of(Bytes input, MsgPackReader in, KeyCheck check) {
    MsgPackFields fields = new MsgPackFields();
    in.readMap(
        MAX_ENTRIES,
        key -> {
          check.onKey(key, fields);
          int from = in.position();
          in.skipValue();
          fields.values.put(key, input.slice(from, in.position()));
        });
    return fields;
  }

  /** Reads a map that takes its members in any order. */
  static MsgPackFields of(Bytes value) {
    return of(value, new MsgPackReader(value), (key, soFar) -> {});
  }

  /** Looks at each name as it is met. */
  interface KeyCheck {
    void onKey(String key, MsgPackFields soFar);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** The raw bytes of a required member. */
  Bytes raw(String name) {
    Bytes value = values.get(name);
    if (value == null) {
      throw new RefusalException(
          EvidenceRefusal.ATTESTATION_MALFORMED, "missing field `" + name + "`");
    }
    return value;
  }

  /** A required member. */
  <T> T get(String name, Function<MsgPackReader, T> read) {
    return read.apply(new MsgPackReader(raw(name)));
  }

  /** A member, or the fallback if it is absent. */
  <T> T getOr(String name, T fallback, Function<MsgPackReader, T> read) {
    return has(name) ? get(name, read) : fallback;
  }
}
