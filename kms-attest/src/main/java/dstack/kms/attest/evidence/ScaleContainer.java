package dstack.kms.attest.evidence;

import dstack.kms.attest.eventlog.EventLogLimits;
import dstack.kms.attest.eventlog.RuntimeEvent;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.core.scale.ScaleReader;
import dstack.kms.core.scale.ScaleWriter;
import java.util.Optional;

/** The container V0 (specification 10 §2). */
final class ScaleContainer {
  private static final String CONTEXT = "Failed to decode legacy VersionedAttestation";

  private ScaleContainer() {}

  static UnverifiedAttestation decode(Bytes bytes) {
    ScaleReader in = new ScaleReader(bytes);
    UnverifiedAttestation attestation;
    try {
      attestation = read(in);
    } catch (RefusalException e) {
      throw e.within(CONTEXT);
    }
    if (in.remaining() > 0) {
      throw new RefusalException(
          EvidenceRefusal.ATTESTATION_TRAILING_BYTES,
          "Trailing bytes after legacy VersionedAttestation: " + in.remaining());
    }
    return attestation;
  }

  static Bytes encode(UnverifiedAttestation attestation) {
    ScaleWriter out = new ScaleWriter();
    out.writeU8(0);
    ScaleEvidence.write(out, attestation.evidence());
    out.writeVec(attestation.runtimeEvents().events(), event -> writeEvent(out, event));
    out.writeFixed(attestation.claimedReportData());
    out.writeString(attestation.config());
    return out.toBytes();
  }

  private static UnverifiedAttestation read(ScaleReader in) {
    int version = in.readU8();
    if (version != 0) {
      throw new RefusalException(
          EvidenceRefusal.ATTESTATION_MALFORMED, "unknown container version " + version);
    }
    Evidence evidence = ScaleEvidence.read(in);
    RuntimeEvents events =
        new RuntimeEvents(in.readVec(EventLogLimits.MAX_EVENTS, () -> readEvent(in)));
    Bytes reportData = in.readFixed(ReportData.LENGTH);
    String config = in.readString(Limits.CONFIG);
    return new UnverifiedAttestation(
        ContainerVersion.V0, evidence, reportData, events, config, Optional.empty());
  }

  private static RuntimeEvent readEvent(ScaleReader in) {
    String name = in.readString(EventLogLimits.MAX_NAME);
    return RuntimeEvent.v1(name, in.readBytes(EventLogLimits.MAX_PAYLOAD));
  }

  private static void writeEvent(ScaleWriter out, RuntimeEvent event) {
    out.writeString(event.name());
    out.writeBytes(event.payload());
  }
}
