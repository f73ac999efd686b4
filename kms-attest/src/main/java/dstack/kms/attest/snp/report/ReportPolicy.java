package dstack.kms.attest.snp.report;

import static dstack.kms.attest.snp.report.SnpReportRefusal.POLICY;

/**
 * What every report has to meet, whatever the configuration says: rules 2 to 9 of specification 16
 * §3 in their order, then that no bit is set whose meaning is not known.
 */
public final class ReportPolicy {
  private static final int VCEK = 0;

  private ReportPolicy() {}

  /** Refuses a report that breaks a rule, with the text of the first one. */
  public static void require(SnpReport report) {
    requireKeptSecret(report);
    requireVcek(report.keyInfo());
    requirePlatformAsAsked(report.policy(), report.platformInfo());
    requireKnownBits(report);
  }

  private static void requireKeptSecret(SnpReport report) {
    if (report.vmpl() != 0) {
      throw POLICY.because("amd sev-snp report must be generated at vmpl0");
    }
    if (report.policy().allowsDebug()) {
      throw POLICY.because("amd sev-snp guest policy allows debug");
    }
    if (report.policy().allowsMigrationAgent()) {
      throw POLICY.because("amd sev-snp guest policy allows migration agent");
    }
  }

  private static void requireVcek(KeyInfo key) {
    if (key.masksChipKey()) {
      throw POLICY.because("amd sev-snp report masks the chip signing key");
    }
    if (key.signingKey() != VCEK) {
      throw POLICY.because(
          "unsupported amd sev-snp signing key: expected vcek, got " + key.signingKey());
    }
  }

  private static void requirePlatformAsAsked(GuestPolicy policy, PlatformInfo platform) {
    if (platform.hasSmt() && !policy.allowsSmt()) {
      throw POLICY.because(
          "amd sev-snp platform has smt enabled but guest policy does not allow smt");
    }
    if (policy.requiresRaplDisabled() && !platform.hasRaplDisabled()) {
      throw POLICY.because(
          "amd sev-snp guest policy requires rapl disabled, but platform reports rapl enabled");
    }
    if (policy.requiresCiphertextHiding() && !platform.hidesCiphertext()) {
      throw POLICY.because(
          "amd sev-snp guest policy requires ciphertext hiding, but platform does not report it");
    }
  }

  private static void requireKnownBits(SnpReport report) {
    if (!report.policy().hasReservedOne()
        || report.policy().hasUnknownBits()
        || report.platformInfo().hasUnknownBits()
        || report.keyInfo().hasUnknownBits()) {
      throw POLICY.because("amd sev-snp report has bits of unknown meaning");
    }
  }
}
