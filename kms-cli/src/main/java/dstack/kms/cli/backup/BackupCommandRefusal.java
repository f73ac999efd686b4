package dstack.kms.cli.backup;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why a command about backups did not do what was asked. */
enum BackupCommandRefusal implements RefusalCode {
  /** Holders come from the configuration file only. */
  HOLDERS("backup-holders-not-configured", RefusalKind.REFUSED),
  /** A file cannot be written, or is there already. */
  OUTPUT("backup-output", RefusalKind.REFUSED),
  /** The backup is not of the keys that were expected. */
  OTHER_KEYS("backup-other-keys", RefusalKind.REFUSED),
  /** Nobody answered in time. */
  UNREACHABLE("backup-unreachable", RefusalKind.UNAVAILABLE),
  /** Who answered is no such listener. */
  MALFORMED("backup-malformed-answer", RefusalKind.UNAVAILABLE),
  /** The node said no. */
  REFUSED_BY_NODE("backup-refused-by-node", RefusalKind.REFUSED);

  private final String code;
  private final RefusalKind kind;

  BackupCommandRefusal(String code, RefusalKind kind) {
    this.code = code;
    this.kind = kind;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public RefusalKind kind() {
    return kind;
  }
}
