package dstack.kms.onboard.node;

import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.config.Weakening;
import dstack.kms.core.refusal.RefusalException;
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
}
