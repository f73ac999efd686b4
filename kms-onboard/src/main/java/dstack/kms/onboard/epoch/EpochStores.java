package dstack.kms.onboard.epoch;

import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.config.EpochFolder;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.store.KeyStore;
import java.nio.file.Path;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the store of the one root generation that a process serves (ADR 0013). */
public final class EpochStores {
  private static final Logger log = LoggerFactory.getLogger(EpochStores.class);

  private EpochStores() {}

  /**
   * Opens the store of {@code core.epoch}; epoch 0 is {@code core.cert_dir} itself.
   *
   * @param clock of endorsements
   * @param audit takes it when an epoch comes to be
   * @throws dstack.kms.core.refusal.RefusalException with an {@link EpochRefusal} if that epoch
   *     cannot be here, or what the store refuses
   */
  public static KeyStore open(KmsConfig config, InstantSource clock, AuditTrail audit) {
    Path certDir = config.certDir();
    int epoch = config.epoch();
    if (epoch == 0) {
      return KeyStore.open(certDir, new OriginalEpochRule(certDir));
    }
    LaterEpochRule rule = new LaterEpochRule(certDir, epoch, clock, audit);
    rule.requireReachable();
    log.info("this node serves epoch {} of the root keys", epoch);
    return KeyStore.open(EpochFolder.of(certDir, epoch), rule);
  }
}
