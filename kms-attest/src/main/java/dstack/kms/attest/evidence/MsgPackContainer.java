package dstack.kms.attest.evidence;

import dstack.kms.attest.eventlog.EventLogLimits;
import dstack.kms.attest.eventlog.EventLogVersion;
import dstack.kms.attest.eventlog.RuntimeEvent;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.msgpack.MsgPackReader;
import dstack.kms.core.msgpack.MsgPackWriter;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;

/** The container V1 (specification 10 §3). */
final class MsgPackContainer {
  private static final String CONTEXT = "failed to decode attestation from msgpack";
  private static final String STACK = "dstack";
  private static final String POD = "dstack-pod";

  private MsgPackContainer() {}

  static UnverifiedAttestation decode(Bytes bytes) {
    MsgPackReader in = new MsgPackReader(bytes);
    UnverifiedAttestation attestation;
    long version;
    try {
      MsgPackFields fields = MsgPackFields.of(bytes, in, (key, soFar) -> {});
      version = fields.get("version", r -> r.readUnsigned(Long.MAX_VALUE));
      attestation = attestation(fields);
    } catch (RefusalException e) {
      throw e.within(CONTEXT);
    }
    if (in.remaining() > 0) {
      throw new RefusalException(
          EvidenceRefusal.ATTESTATION_TRAILING_BYTES,
          "trailing bytes after attestation msgpack: " + in.remaining());
    }
    if (version != 1) {
      throw new RefusalException(
          EvidenceRefusal.ATTESTATION_VERSION,
          "unsupported attestation version: expected 1, got " + version);
    }
    return attestation;
  }

  static Bytes encode(UnverifiedAttestation attestation) {
    MsgPackWriter out = new MsgPackWriter();
    out.writeMapHeader(3).writeString("version").writeInteger(1).writeString("platform");
    MsgPackEvidence.write(out, attestation.evidence());
    out.writeString("stack");
    writeStack(out, attestation);
    return out.toBytes();
  }

  private static UnverifiedAttestation attestation(MsgPackFields fields) {
    Evidence evidence = MsgPackEvidence.read(MsgPackTagged.of(fields.raw("platform")));
    MsgPackTagged stack = MsgPackTagged.of(fields.raw("stack"));
    boolean pod = stack.kind().equals(POD);
    if (!pod && !stack.kind().equals(STACK)) {
      throw new RefusalException(
          EvidenceRefusal.ATTESTATION_MALFORMED, "unknown variant `" + stack.kind() + "`");
    }
    MsgPackFields data = MsgPackFields.of(stack.data());
    return new UnverifiedAttestation(
        ContainerVersion.V1,
        evidence,
        data.get("report_data", r -> r.readBytesLenient(Limits.BLOB)),
        readEvents(data.raw("runtime_events")),
        data.get("config", r -> r.readString(Limits.CONFIG)),
        pod
            ? Optional.of(data.get("report_data_payload", r -> r.readString(Limits.CONFIG)))
            : Optional.empty());
  }

  private static RuntimeEvents readEvents(Bytes array) {
    return new RuntimeEvents(
        MsgPackList.ofMaps(array, EventLogLimits.MAX_EVENTS, MsgPackContainer::readEvent));
  }

  private static RuntimeEvent readEvent(MsgPackFields fields) {
    return new RuntimeEvent(
        fields.get("event", r -> r.readString(EventLogLimits.MAX_NAME)),
        fields.get("payload", r -> r.readBytesOrString(EventLogLimits.MAX_PAYLOAD)),
        MsgPackEvidence.readVersion(fields));
  }

  private static void writeStack(MsgPackWriter out, UnverifiedAttestation attestation) {
    Optional<String> payload = attestation.reportDataPayload();
    out.writeMapHeader(2).writeString("kind").writeString(payload.isPresent() ? POD : STACK);
    out.writeString("data").writeMapHeader(payload.isPresent() ? 4 : 3);
    out.writeString("report_data").writeBytesAsArray(attestation.claimedReportData());
    List<RuntimeEvent> events = attestation.runtimeEvents().events();
    out.writeString("runtime_events").writeArrayHeader(events.size());
    events.forEach(event -> writeEvent(out, event));
    out.writeString("config").writeString(attestation.config());
    payload.ifPresent(text -> out.writeString("report_data_payload").writeString(text));
  }

  private static void writeEvent(MsgPackWriter out, RuntimeEvent event) {
    boolean versioned = event.version() != EventLogVersion.V1;
    out.writeMapHeader(versioned ? 3 : 2);
    out.writeString("event").writeString(event.name());
    out.writeString("payload").writeBinary(event.payload());
    if (versioned) {
      out.writeString("version").writeInteger(event.version().number());
    }
  }
}
