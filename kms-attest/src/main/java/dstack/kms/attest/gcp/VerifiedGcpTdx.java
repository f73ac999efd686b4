package dstack.kms.attest.gcp;

import dstack.kms.attest.appinfo.AppInfo;
import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.platform.Claims;
import dstack.kms.attest.platform.PlatformStatus;
import dstack.kms.attest.platform.VerifiedPlatform;
import dstack.kms.attest.tdx.VerifiedTdx;
import dstack.kms.core.bytes.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * A trust domain on Google Cloud and the virtual TPM of the same machine, both verified. Only
 * {@link GcpTdxVerifier} makes one.
 *
 * <p>The domain's own boot measurements are no part of its identity (specification 14 §1): Google
 * may change its firmware there. What was booted follows from PCR 0 and PCR 2.
 */
public final class VerifiedGcpTdx implements VerifiedPlatform {
  private final VerifiedTdx tdx;
  private final QuotedTpm tpm;
  private final Claims claims;
  private final Optional<GcpInstance> instance;
  private final List<String> unchecked;

  VerifiedGcpTdx(
      VerifiedTdx tdx,
      QuotedTpm tpm,
      Claims claims,
      Optional<GcpInstance> instance,
      List<String> unchecked) {
    this.tdx = tdx;
    this.tpm = tpm;
    this.claims = claims;
    this.instance = instance;
    this.unchecked = List.copyOf(unchecked);
  }

  /** The TDX half. */
  public VerifiedTdx tdx() {
    return tdx;
  }

  /** PCR 0, the firmware's version, 32 bytes. */
  public Bytes pcr0() {
    return tpm.pcr0();
  }

  /** PCR 2, the programs that were started, 32 bytes. */
  public Bytes pcr2() {
    return tpm.pcr2();
  }

  /** PCR 14, the runtime events, 32 bytes. */
  public Bytes pcr14() {
    return tpm.pcr14();
  }

  /** The digests that PCR 2 was extended with, in order; empty if the log has none. */
  public List<Bytes> bootEvents() {
    return tpm.bootEvents();
  }

  /** The status of the TDX platform in Intel's words. */
  @Override
  public PlatformStatus status() {
    return tdx.status();
  }

  /** The PPID of the platform's PCK certificate, 16 bytes. */
  @Override
  public Bytes rawDeviceId() {
    return tdx.rawDeviceId();
  }

  /** The machine's resource name, or what the domain calls itself if its certificate has none. */
  @Override
  public String instanceLabel() {
    return instance.map(GcpInstance::label).orElseGet(tdx::instanceLabel);
  }

  /** SHA-256 of the TDX quote, which is also what the TPM signed with its registers. */
  @Override
  public Bytes digest() {
    return tpm.qualifyingData();
  }

  @Override
  public AppInfo appInfo(String vmConfig, MeasurementPoint point) {
    return GcpAppInfo.of(tpm, claims, rawDeviceId(), vmConfig, point);
  }

  @Override
  public List<String> unchecked() {
    return unchecked;
  }
}
