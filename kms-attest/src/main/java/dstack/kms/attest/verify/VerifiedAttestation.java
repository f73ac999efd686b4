package dstack.kms.attest.verify;

import dstack.kms.attest.appinfo.AppInfo;
import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.platform.VerifiedPlatform;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.util.List;

/**
 * An attestation that {@link AttestationVerifier} found good, and the only thing that identity may
 * be taken from. Everything it says comes from the one piece of evidence that was verified; only
 * the OS image hash is a claim of the host until the image is checked.
 *
 * <p>That the platform is up to date is not promised: status and advisories are facts for the
 * policy.
 */
public final class VerifiedAttestation {
  private final UnverifiedAttestation attestation;
  private final ReportData reportData;
  private final VerifiedPlatform platform;

  VerifiedAttestation(
      UnverifiedAttestation attestation, ReportData reportData, VerifiedPlatform platform) {
    this.attestation = attestation;
    this.reportData = reportData;
    this.platform = platform;
  }

  /** The platform. */
  public TeeVariant teeVariant() {
    return attestation.evidence().variant();
  }

  /** The report data that the hardware signed. */
  public ReportData reportData() {
    return reportData;
  }

  /** Whether the evidence is bound to the key of this subject public key info. */
  public boolean isBoundTo(Bytes subjectPublicKeyInfo) {
    return reportData.equals(ReportData.ofCertificateKey(subjectPublicKeyInfo));
  }

  /** The overall TCB status as authorities are told; empty on platforms without one. */
  public String tcbStatus() {
    return platform.status().tcbStatus();
  }

  /** The advisories behind the overall status, in the order of the verifier. */
  public List<String> advisoryIds() {
    return platform.status().advisoryIds();
  }

  /** What the platform's own evidence proves. */
  public VerifiedPlatform platform() {
    return platform;
  }

  /**
   * Refuses evidence that was looked at with less than all checks: it is good for showing only,
   * never for a decision on keys.
   */
  public void requireWhole() {
    if (!platform.unchecked().isEmpty()) {
      throw new RefusalException(
          VerifyRefusal.INCOMPLETE,
          "evidence was not checked completely: " + String.join("; ", platform.unchecked()));
    }
  }

  /** The platform's own id, for example the PPID of its PCK certificate. */
  public Bytes rawDeviceId() {
    return platform.rawDeviceId();
  }

  /** SHA-256 of the raw platform id, as authorities know devices. */
  public Bytes deviceId() {
    return Digests.sha256(rawDeviceId());
  }

  /** SHA-256 of what the hardware signed: names this evidence in the audit log. */
  public Bytes evidenceDigest() {
    return platform.digest();
  }

  /** The attestation in the form for a certificate, in the container that it came in. */
  public Bytes strippedBytes() {
    return attestation.stripped().encode();
  }

  /** The VM configuration inside the evidence: an unsigned claim of the host, possibly empty. */
  public String embeddedVmConfig() {
    return attestation.config();
  }

  /**
   * Identity and measurements at a point.
   *
   * @param vmConfig the request's VM configuration; empty to take the one inside the evidence
   */
  public AppInfo appInfo(String vmConfig, MeasurementPoint point) {
    return platform.appInfo(vmConfig, point);
  }

  /** What an authority is asked about, with all lengths checked. */
  public BootInfo bootInfo(String vmConfig, MeasurementPoint point) {
    BootInfo info = appInfo(vmConfig, point).toBootInfo(teeVariant(), tcbStatus(), advisoryIds());
    return teeVariant() == TeeVariant.SEV_SNP ? info.withChipId(rawDeviceId()) : info;
  }
}
