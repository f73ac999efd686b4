package dstack.kms.onboard.node;

import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.source.QuoteSource;
import dstack.kms.attest.verify.VendorHardware;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.ConfigRefusal;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.config.Weakening;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settings that weaken a node are logged each time; without their switch it goes no further. */
final class WeakSettings {
  private static final Logger log = LoggerFactory.getLogger(WeakSettings.class);

  private WeakSettings() {}

  /** Says what is weaker, and refuses unless that is wanted (T-06). */
  static void sayAndCheck(KmsConfig config) {
    config.warnings().forEach(log::warn);
    for (Weakening weakening : config.weakenings()) {
      log.warn("INSECURE: {}: {}", weakening.key(), weakening.text());
    }
    if (!config.weakenings().isEmpty() && !config.insecureDevelopment()) {
      throw new RefusalException(
          NodeRefusal.CONFIGURATION,
          config.weakenings().getFirst().key() + " needs core.insecure_development = true");
    }
  }

  /**
   * Refuses weaker settings on real hardware, which a container shows by no device: its own
   * evidence does (specification 00 §7, T-16).
   */
  static void requireNoVendor(KmsConfig config, QuoteSource quotes, SignatureVerifier signatures) {
    if (!config.weakenings().isEmpty() && isVendors(quotes, signatures)) {
      Weakening first = config.weakenings().getFirst();
      throw new RefusalException(
          ConfigRefusal.WEAKENING,
          first.key()
              + " weakens this server: "
              + first.text()
              + "; refused on a real TEE: a vendor's root stands behind this machine's evidence");
    }
  }

  private static boolean isVendors(QuoteSource quotes, SignatureVerifier signatures) {
    try {
      Bytes attestation = quotes.attest(ReportData.ZERO);
      return new VendorHardware(signatures)
          .isBehind(UnverifiedAttestation.decode(attestation).evidence());
    } catch (RefusalException e) {
      log.warn("INSECURE: nothing tells whether this is a real TEE: {}", e.text());
      return false;
    }
  }
}
