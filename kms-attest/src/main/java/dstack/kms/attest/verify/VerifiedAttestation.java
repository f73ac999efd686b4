package dstack.kms.attest.verify;

import dstack.kms.attest.appinfo.AppInfo;
import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.appinfo.TdxAppInfo;
import dstack.kms.attest.dcap.VerifiedQuote;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
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
  private final VerifiedTdx tdx;

  VerifiedAttestation(UnverifiedAttestation attestation, ReportData reportData, VerifiedTdx tdx) {
    this.attestation = attestation;
    this.reportData = reportData;
    this.tdx = tdx;
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

  /** The overall TCB status in Intel's words, for example {@code UpToDate}. */
  public String tcbStatus() {
    return tdx.quote().status().text();
  }

  /** The advisories behind the overall status, in the order of the verifier. */
  public List<String> advisoryIds() {
    return tdx.quote().advisoryIds();
  }

  /** The quote with the verdicts on platform, TDX module and quoting enclave separately. */
  public VerifiedQuote quote() {
    return tdx.quote();
  }

  /** The platform's own id: the PPID of its PCK certificate. */
  public Bytes rawDeviceId() {
    return tdx.quote().ppid();
  }

  /** SHA-256 of the raw platform id, as authorities know devices. */
  public Bytes deviceId() {
    return Digests.sha256(rawDeviceId());
  }

  /** SHA-256 of all bytes of the quote: names this evidence in the audit log. */
  public Bytes quoteDigest() {
    return Digests.sha256(tdx.quote().raw());
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
    return TdxAppInfo.of(
        tdx.report(),
        attestation.runtimeEvents(),
        rawDeviceId(),
        vmConfig,
        attestation.config(),
        point);
  }

  /** What an authority is asked about, with all lengths checked. */
  public BootInfo bootInfo(String vmConfig, MeasurementPoint point) {
    return appInfo(vmConfig, point).toBootInfo(teeVariant(), tcbStatus(), advisoryIds());
  }
}
