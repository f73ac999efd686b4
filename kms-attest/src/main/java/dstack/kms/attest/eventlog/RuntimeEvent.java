package dstack.kms.attest.eventlog;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;

/**
 * One event that the guest's own software extended into the runtime register (specification 12 §4).
 *
 * @param name well-formed Unicode
 * @param payload any bytes
 * @param version how the digest is formed
 */
public record RuntimeEvent(String name, Bytes payload, EventLogVersion version) {
  /** The event type of every runtime event. */
  public static final long TYPE = 0x0800_0001L;

  private static final Bytes TYPE_AND_COLON = Bytes.fromHex("010000083a");
  private static final Bytes COLON = Bytes.utf8(":");

  /** An event of version 1. */
  public static RuntimeEvent v1(String name, Bytes payload) {
    return new RuntimeEvent(name, payload, EventLogVersion.V1);
  }

  /** The bytes that are hashed. */
  public Bytes preimage() {
    return switch (version) {
      case V1 -> Bytes.concat(TYPE_AND_COLON, Bytes.utf8(name), COLON, payload);
      case V2 -> Bytes.utf8(CanonicalEventJson.of(this));
    };
  }

  /** The digest that RTMR 3 is extended with, 48 bytes. */
  public Bytes sha384() {
    return Digests.sha384(preimage());
  }

  /** The digest that PCR 14 of a vTPM's SHA-256 bank is extended with, 32 bytes. */
  public Bytes sha256() {
    return Digests.sha256(preimage());
  }
}
