package dstack.kms.attest.gcp;

import dstack.kms.attest.appinfo.AppInfo;
import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.platform.Claims;
import dstack.kms.attest.platform.PlatformStatus;
import dstack.kms.attest.platform.VerifiedPlatform;
import dstack.kms.attest.tdx.VerifiedTdx;
import dstack.kms.core.bytes.Bytes;
import java.util.List;
import java.util.stream.Stream;

/**
 * A trust domain on Google Cloud and the virtual TPM of the same machine, both verified. Only
 * {@link GcpTdxVerifier} makes one.
 *
 * <p>The domain's own boot measurements are no part of its identity (specification 14 §1): Google
 * may change its firmware there. What was booted follows from PCR 0 and PCR 2.
 */
public final class VerifiedGcpTdx implements VerifiedPlatform {
  private final VerifiedTdx tdx;
  private final VerifiedVtpm vtpm;
  private final Claims claims;

  VerifiedGcpTdx(VerifiedTdx tdx, VerifiedVtpm vtpm, Claims claims) {
    this.tdx = tdx;
    this.vtpm = vtpm;
    this.claims = claims;
  }

  /** The TDX half. */
  public VerifiedTdx tdx() {
    return tdx;
  }

  /** PCR 0, the firmware's version, 32 bytes. */
  public Bytes pcr0() {
    return vtpm.registers().pcr0();
  }

  /** PCR 2, the programs that were started, 32 bytes. */
  public Bytes pcr2() {
    return vtpm.registers().pcr2();
  }

  /** PCR 14, the runtime events, 32 bytes. */
  public Bytes pcr14() {
    return vtpm.registers().pcr14();
  }

  /** The digests that PCR 2 was extended with, in order; empty if the log has none. */
  public List<Bytes> bootEvents() {
    return vtpm.registers().bootEvents();
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
    return vtpm.instance().map(GcpInstance::label).orElseGet(tdx::instanceLabel);
  }

  /** SHA-256 of the TDX quote, which is also what the TPM signed with its registers. */
  @Override
  public Bytes digest() {
    return vtpm.registers().qualifyingData();
  }

  @Override
  public AppInfo appInfo(String vmConfig, MeasurementPoint point) {
    return GcpAppInfo.of(vtpm.registers(), claims, rawDeviceId(), vmConfig, point);
  }

  @Override
  public List<String> unchecked() {
    return Stream.concat(tdx.unchecked().stream(), vtpm.unchecked().stream()).toList();
  }
}
