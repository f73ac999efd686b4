package dstack.kms.attest.snp;

import dstack.kms.attest.appinfo.AppInfo;
import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.platform.PlatformStatus;
import dstack.kms.attest.platform.VerifiedPlatform;
import dstack.kms.attest.snp.launch.LaunchVerifier;
import dstack.kms.attest.snp.launch.MrConfig;
import dstack.kms.attest.snp.launch.VerifiedLaunch;
import dstack.kms.attest.snp.report.SnpProduct;
import dstack.kms.attest.snp.report.SnpReport;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.util.List;

/**
 * A report that AMD's hardware signed and that is bound to the claims. The guest's identity comes
 * from the configuration that the report's host data is the hash of; runtime events are never
 * looked at.
 */
public final class VerifiedSevSnp implements VerifiedPlatform {
  private final SnpReport report;
  private final SnpProduct product;
  private final String embeddedVmConfig;
  private final List<String> unchecked;

  VerifiedSevSnp(
      SnpReport report, SnpProduct product, String embeddedVmConfig, List<String> unchecked) {
    this.report = report;
    this.product = product;
    this.embeddedVmConfig = embeddedVmConfig;
    this.unchecked = List.copyOf(unchecked);
  }

  /** What the hardware says about the guest. */
  public SnpReport report() {
    return report;
  }

  /** The processor family under whose root the report was verified. */
  public SnpProduct product() {
    return product;
  }

  /**
   * {@code UpToDate} if the current, reported, committed and launch versions of the components
   * agree, else {@code OutOfDate}. Whether they are new is said by nobody.
   */
  @Override
  public PlatformStatus status() {
    boolean agree =
        report.currentTcb().equals(report.reportedTcb())
            && report.committedTcb().equals(report.reportedTcb())
            && report.launchTcb().equals(report.reportedTcb());
    return new PlatformStatus(agree ? "UpToDate" : "OutOfDate", List.of(), false);
  }

  /** The chip id, 64 bytes. */
  @Override
  public Bytes rawDeviceId() {
    return report.chipId();
  }

  /** The id that the secure processor gave to this guest. */
  @Override
  public String instanceLabel() {
    return report.raw().slice(0x140, 0x160).hex();
  }

  @Override
  public Bytes digest() {
    return Digests.sha256(report.raw());
  }

  /**
   * The guest's identity, and only if the launch that the configuration claims leads to the
   * report's measurement and host data. The same at both points: nothing is measured later.
   */
  @Override
  public AppInfo appInfo(String vmConfig, MeasurementPoint point) {
    String claimed = vmConfig.isEmpty() ? embeddedVmConfig : vmConfig;
    VerifiedLaunch launch =
        LaunchVerifier.verify(
            report.measurement(), report.hostData(), claimed.isEmpty() ? "{}" : claimed);
    MrConfig config = launch.mrConfig();
    return new AppInfo(
        config.appId(),
        config.composeHash(),
        config.instanceId(),
        Digests.sha256(report.chipId()),
        Digests.sha256(report.measurement()),
        Digests.sha256(report.measurement(), report.hostData()),
        launch.osImageHash(),
        config.keyProviderInfo(),
        config.initScriptHashes());
  }

  @Override
  public List<String> unchecked() {
    return unchecked;
  }
}
