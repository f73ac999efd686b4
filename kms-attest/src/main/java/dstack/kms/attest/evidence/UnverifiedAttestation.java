package dstack.kms.attest.evidence;

import dstack.kms.attest.eventlog.EventLogVersion;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.util.Optional;

/**
 * An attestation whose form was understood and of which nothing was checked.
 *
 * @param container the container that it came in or goes out in
 * @param evidence what the platform's hardware says
 * @param claimedReportData what the sender says the evidence is bound to; 64 bytes in V0, any
 *     length in V1 until it is used
 * @param runtimeEvents the only events that replay and identity are taken from
 * @param config the VM's configuration as the host gave it: unsigned text, possibly empty
 * @param reportDataPayload the text behind the report data, of a pod in V1 only
 */
public record UnverifiedAttestation(
    ContainerVersion container,
    Evidence evidence,
    Bytes claimedReportData,
    RuntimeEvents runtimeEvents,
    String config,
    Optional<String> reportDataPayload) {

  /**
   * @throws IllegalArgumentException if V0 cannot hold the content
   */
  public UnverifiedAttestation {
    boolean fitsV0 =
        reportDataPayload.isEmpty()
            && claimedReportData.length() == ReportData.LENGTH
            && onlyVersion1(runtimeEvents);
    if (container == ContainerVersion.V0 && !fitsV0) {
      throw new IllegalArgumentException("the SCALE container cannot hold this attestation");
    }
  }

  /**
   * Reads the bytes of a versioned attestation, at most 10 MiB, to their end. The first byte tells
   * the container: 0 is V0, a MessagePack map is V1.
   */
  public static UnverifiedAttestation decode(Bytes bytes) {
    if (bytes.length() > Limits.ATTESTATION) {
      throw format("attestation bytes too large: " + bytes.length() + " > " + Limits.ATTESTATION);
    }
    if (bytes.isEmpty()) {
      throw format("Empty attestation bytes");
    }
    int first = bytes.at(0);
    if (first == 0) {
      return ScaleContainer.decode(bytes);
    }
    boolean isMap = (first & 0xf0) == 0x80 || first == 0xde || first == 0xdf;
    if (isMap) {
      return MsgPackContainer.decode(bytes);
    }
    throw format("Unknown attestation wire format");
  }

  /** The bytes in the attestation's own container. */
  public Bytes encode() {
    return switch (container) {
      case V0 -> ScaleContainer.encode(this);
      case V1 -> MsgPackContainer.encode(this);
    };
  }

  /** The form for a certificate: same container, same proof, without the boot log. */
  public UnverifiedAttestation stripped() {
    return new UnverifiedAttestation(
        container,
        evidence.stripped(),
        claimedReportData,
        runtimeEvents,
        config,
        reportDataPayload);
  }

  /** The report data, or a refusal: {@code stack.report_data must be 64 bytes}. */
  public ReportData reportData() {
    if (claimedReportData.length() != ReportData.LENGTH) {
      throw new RefusalException(
          EvidenceRefusal.REPORT_DATA_LENGTH, "stack.report_data must be 64 bytes");
    }
    return new ReportData(claimedReportData);
  }

  /** The same attestation in the container V1. */
  public UnverifiedAttestation toV1() {
    return inContainer(ContainerVersion.V1);
  }

  /** The same attestation in the container V0, or a refusal if that cannot hold it. */
  public UnverifiedAttestation toV0() {
    if (reportDataPayload.isPresent()) {
      throw notRepresentable("dstack-pod attestation");
    }
    if (!onlyVersion1(runtimeEvents)) {
      throw notRepresentable("non-V1 runtime events");
    }
    reportData();
    return inContainer(ContainerVersion.V0);
  }

  private UnverifiedAttestation inContainer(ContainerVersion other) {
    return new UnverifiedAttestation(
        other, evidence, claimedReportData, runtimeEvents, config, reportDataPayload);
  }

  /** The container that a writer of current chooses for such events. */
  public static ContainerVersion containerFor(RuntimeEvents events) {
    return onlyVersion1(events) ? ContainerVersion.V0 : ContainerVersion.V1;
  }

  private static boolean onlyVersion1(RuntimeEvents events) {
    return events.events().stream().allMatch(event -> event.version() == EventLogVersion.V1);
  }

  private static RefusalException notRepresentable(String what) {
    return new RefusalException(
        EvidenceRefusal.NOT_REPRESENTABLE, what + " cannot be represented by the legacy schema");
  }

  private static RefusalException format(String text) {
    return new RefusalException(EvidenceRefusal.ATTESTATION_FORMAT, text);
  }
}
