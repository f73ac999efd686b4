package dstack.kms.attest.eventlog;

import dstack.kms.core.bytes.Bytes;
import java.util.Optional;

/**
 * One entry of a TDX event log: a boot event of the firmware or a runtime event (specification 12
 * §2). Everything in it is a claim of the sender.
 *
 * @param imr the register, 0 to 3; any u32 decodes
 * @param eventType a u32
 * @param digest 48 bytes, or empty in a stripped runtime event
 * @param name empty for boot events, except the names given to the ACPI events
 * @param payload may be stripped from boot events
 * @param version how the digest of a runtime event is formed
 * @param preimage the hashed bytes as hexadecimal text, unchecked, if the sender gave them
 */
public record TdxEvent(
    long imr,
    long eventType,
    Bytes digest,
    String name,
    Bytes payload,
    EventLogVersion version,
    Optional<String> preimage) {

  /** The payload of the three firmware events that measure the ACPI tables. */
  public static final Bytes ACPI_DATA = Bytes.utf8("ACPI DATA");

  private static final long PLATFORM_CONFIG_FLAGS = 10;

  /** An event of version 1 without a preimage. */
  public static TdxEvent v1(long imr, long eventType, Bytes digest, String name, Bytes payload) {
    return new TdxEvent(
        imr, eventType, digest, name, payload, EventLogVersion.V1, Optional.empty());
  }

  /** The entry of the log that records a runtime event. */
  public static TdxEvent of(RuntimeEvent event) {
    return new TdxEvent(
        3,
        RuntimeEvent.TYPE,
        event.sha384(),
        event.name(),
        event.payload(),
        event.version(),
        Optional.empty());
  }

  /** The runtime event that this entry records; empty for boot events. */
  public Optional<RuntimeEvent> runtimeEvent() {
    return eventType == RuntimeEvent.TYPE
        ? Optional.of(new RuntimeEvent(name, payload, version))
        : Optional.empty();
  }

  /** Whether this is a firmware event over ACPI data in RTMR 0. */
  public boolean isAcpiData() {
    return imr == 0 && eventType == PLATFORM_CONFIG_FLAGS && payload.equals(ACPI_DATA);
  }

  /** Without its digest if it is a runtime event, else without its payload. */
  public TdxEvent stripped() {
    boolean runtime = eventType == RuntimeEvent.TYPE;
    return new TdxEvent(
        imr,
        eventType,
        runtime ? Bytes.EMPTY : digest,
        name,
        runtime ? payload : Bytes.EMPTY,
        version,
        preimage);
  }

  /** The same event with another payload. */
  public TdxEvent withPayload(Bytes other) {
    return new TdxEvent(imr, eventType, digest, name, other, version, preimage);
  }

  /** The same event under another name. */
  public TdxEvent withName(String other) {
    return new TdxEvent(imr, eventType, digest, other, payload, version, preimage);
  }

  /** The same event with the bytes that its digest is made of, in hexadecimal. */
  public TdxEvent withPreimage(String other) {
    return new TdxEvent(imr, eventType, digest, name, payload, version, Optional.of(other));
  }
}
