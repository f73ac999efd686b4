package dstack.kms.attest.snp.report;

import dstack.kms.core.config.SnpEvidenceConfig;
import dstack.kms.core.config.SnpEvidenceConfig.Floor;
import java.util.OptionalInt;

/**
 * What the operator asks of platforms beyond the fixed rules: {@code [core.attestation.sev_snp]}.
 */
public final class PlatformRequirements {
  private final SnpEvidenceConfig config;

  /** The requirements of that configuration. */
  public PlatformRequirements(SnpEvidenceConfig config) {
    this.config = config;
  }

  /** Whether reports of that family are taken at all. */
  public boolean allows(SnpProduct product) {
    return config.products().contains(product.family());
  }

  /** Refuses a family that is switched off. */
  public void requireAllowed(SnpProduct product) {
    if (!allows(product)) {
      throw SnpReportRefusal.PRODUCT_NOT_ALLOWED.because(
          "amd sev-snp product " + product.kdsName() + " is not allowed by this server");
    }
  }

  /**
   * Refuses a report whose platform or components fall short. All four component versions must
   * reach the minimum: the reported one alone is what the host chose to report.
   */
  public void require(SnpProduct product, SnpReport report) {
    requireAllowed(product);
    if (config.aliasCheck() && !report.platformInfo().checkedAliases()) {
      throw SnpReportRefusal.POLICY.because(
          "amd sev-snp platform did not complete its memory alias check");
    }
    if (config.singleSocket() && !report.policy().requiresSingleSocket()) {
      throw SnpReportRefusal.POLICY.because(
          "amd sev-snp guest policy does not require a single socket");
    }
    requireKeys(report);
    requireTcb(product, report);
  }

  private void requireKeys(SnpReport report) {
    if (!config.idKeys().isEmpty() && !config.idKeys().contains(report.idKeyDigest())) {
      throw SnpReportRefusal.POLICY.because("amd sev-snp guest is signed by no accepted id key");
    }
    boolean accepted =
        report.keyInfo().hasAuthorKey() && config.authorKeys().contains(report.authorKeyDigest());
    if (!config.authorKeys().isEmpty() && !accepted) {
      throw SnpReportRefusal.POLICY.because(
          "amd sev-snp guest is signed by no accepted author key");
    }
  }

  private void requireTcb(SnpProduct product, SnpReport report) {
    Floor floor = config.minimumTcb(product.family());
    TcbVersion minimum =
        new TcbVersion(
            OptionalInt.of(floor.fmc()),
            floor.bootloader(),
            floor.tee(),
            floor.snp(),
            floor.microcode());
    requireAtLeast(minimum, "current", report.currentTcb());
    requireAtLeast(minimum, "reported", report.reportedTcb());
    requireAtLeast(minimum, "committed", report.committedTcb());
    requireAtLeast(minimum, "launch", report.launchTcb());
  }

  private static void requireAtLeast(TcbVersion minimum, String which, TcbVersion tcb) {
    if (!tcb.isAtLeast(minimum)) {
      throw SnpReportRefusal.TCB_TOO_OLD.because(
          "amd sev-snp " + which + " tcb is below the configured minimum: " + tcb);
    }
  }
}
