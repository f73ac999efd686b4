package dstack.kms.onboard.backup;

import dstack.kms.core.audit.AuditEvent;
import dstack.kms.core.audit.AuditKind;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.config.BackupConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.KeyMaterial;
import dstack.kms.core.store.KeyStore;
import dstack.kms.core.store.StoredState;
import dstack.kms.onboard.backup.share.BackupSet;
import dstack.kms.onboard.backup.share.HolderKey;
import dstack.kms.onboard.backup.share.RootSecrets;
import dstack.kms.onboard.backup.share.ShareFile;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Seals the stored root keys to the configured holders; nothing leaves before it is recorded. */
public final class BackupCreation {
  private final KeyStore store;
  private final BackupConfig config;
  private final int epoch;
  private final InstantSource clock;
  private final SecureRandom random;
  private final AuditTrail audit;

  /**
   * @param store has the keys
   * @param config names the holders
   * @param epoch of the keys
   * @param clock dates the set
   * @param random makes data key and shares
   * @param audit takes the decision
   */
  public BackupCreation(
      KeyStore store,
      BackupConfig config,
      int epoch,
      InstantSource clock,
      SecureRandom random,
      AuditTrail audit) {
    this.store = store;
    this.config = config;
    this.epoch = epoch;
    this.clock = clock;
    this.random = random;
    this.audit = audit;
  }

  /**
   * A fresh set, one file for each holder.
   *
   * @throws RefusalException if nobody may hold shares, there are no keys, or nothing can be
   *     recorded
   */
  public List<ShareFile> run() {
    try {
      List<ShareFile> files = sealed();
      audit.require(AuditEvent.done(AuditKind.BACKUP, BackupFacts.of(files.getFirst().manifest())));
      return files;
    } catch (RefusalException e) {
      audit.note(AuditEvent.refused(AuditKind.BACKUP, e, Map.of()));
      throw e;
    }
  }

  private List<ShareFile> sealed() {
    if (config.holders().isEmpty()) {
      throw new RefusalException(
          BackupRefusal.NO_HOLDERS,
          "nobody may hold a backup: core.backup.holders names no public keys");
    }
    List<HolderKey> holders = config.holders().stream().map(HolderKey::read).toList();
    try (KeyMaterial stored = stored();
        RootSecrets keys = RootSecrets.of(stored)) {
      return new BackupSet(holders, config.threshold(), epoch, stored.domain())
          .seal(keys, clock.instant(), random);
    }
  }

  private KeyMaterial stored() {
    return switch (store.read(Optional.empty())) {
      case StoredState.Complete complete -> complete.material();
      case StoredState.Empty _ -> throw noKeys("there are no keys to back up");
      case StoredState.CertificatesMissing missing -> {
        missing.keys().close();
        throw noKeys(
            "a certificate is missing beside the keys; start the server once, it makes it");
      }
    };
  }

  private static RefusalException noKeys(String text) {
    return new RefusalException(BackupRefusal.NO_KEYS, text);
  }
}
