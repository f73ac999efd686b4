package dstack.kms.attest.source;

import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.evidence.ContainerVersion;
import dstack.kms.attest.evidence.Evidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;
import java.util.Optional;

/**
 * An attestation of this machine about to be sent: in the container V0, or in V1 if an event needs
 * it (specification 10 §3).
 */
public record MadeAttestation(
    Evidence evidence, ReportData reportData, RuntimeEvents events, String config) {
  /** The bytes of the versioned attestation. */
  public Bytes encode() {
    ContainerVersion container = UnverifiedAttestation.containerFor(events);
    return new UnverifiedAttestation(
            container, evidence, reportData.value(), events, config, Optional.empty())
        .encode();
  }
}
