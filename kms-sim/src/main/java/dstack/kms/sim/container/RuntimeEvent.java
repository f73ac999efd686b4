package dstack.kms.sim.container;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a guest extends into RTMR3 at run time.
 *
 * @param version of the digest: 1, or 2 for the canonical JSON form (specification 12 §4)
 */
public record RuntimeEvent(String name, Bytes payload, int version) {
  /** The event type of every runtime event. */
  static final int TYPE = 0x08000001;

  /** The register of every runtime event. */
  static final int REGISTER = 3;

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Bytes TYPE_LITTLE_ENDIAN = Bytes.fromHex("01000008");
  private static final Bytes COLON = Bytes.utf8(":");

  /** An event of version 1. */
  public RuntimeEvent(String name, Bytes payload) {
    this(name, payload, 1);
  }

  /** What the digest is taken of. */
  Bytes preimage() {
    if (version == 1) {
      return Bytes.concat(TYPE_LITTLE_ENDIAN, COLON, Bytes.utf8(name), COLON, payload);
    }
    ObjectNode canonical = JSON.createObjectNode();
    canonical.put("name", name);
    canonical.put("payload", payload.hex());
    canonical.put("type", TYPE);
    return Bytes.utf8(JSON.writeValueAsString(canonical));
  }

  /** The value of a TPM register of 32 bytes after these events (specification 14 §2.4). */
  public static Bytes replaySha256(List<RuntimeEvent> events) {
    Bytes value = Bytes.zeros(32);
    for (RuntimeEvent event : events) {
      value = Digests.sha256(value, Digests.sha256(event.preimage()));
    }
    return value;
  }

  /** The value of a TPM register of 48 bytes after these events (specification 15 §9). */
  public static Bytes replaySha384(List<RuntimeEvent> events) {
    Bytes value = Bytes.zeros(48);
    for (RuntimeEvent event : events) {
      value = Digests.sha384(value, Digests.sha384(event.preimage()));
    }
    return value;
  }

  /** The same event as a line of the platform's log. */
  public LoggedEvent logged() {
    return new LoggedEvent(REGISTER, TYPE, Digests.sha384(preimage()), name, payload, version);
  }
}
