package dstack.kms.onboard.node;

import dstack.kms.core.audit.AuditLog;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.onboard.backup.BackupCreation;
import dstack.kms.onboard.backup.share.ShareFile;
import dstack.kms.onboard.epoch.EpochStores;
import java.util.List;

/** Makes a backup from the key store of this machine, without a running node. */
public final class LocalBackup {
  private LocalBackup() {}

  /** A fresh set of the configured store's keys for the configured holders. */
  public static List<ShareFile> create(KmsConfig config, NodeContext context) {
    try (AuditTrail audit = audit(config, context)) {
      return new BackupCreation(
              EpochStores.open(config, context.clock(), audit),
              config.backup(),
              config.epoch(),
              context.clock(),
              context.random(),
              audit)
          .run();
    }
  }

  /** The node's own log: a node that runs has it open, and makes backups itself. */
  private static AuditTrail audit(KmsConfig config, NodeContext context) {
    return config.audit().enabled()
        ? AuditLog.open(config.audit(), config.certDir(), context.clock(), context.random())
        : AuditTrail.none();
  }
}
