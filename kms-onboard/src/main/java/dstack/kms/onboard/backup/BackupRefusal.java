package dstack.kms.onboard.backup;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why no backup is made, or none is restored. */
public enum BackupRefusal implements RefusalCode {
  /** Nobody is configured to hold shares. */
  NO_HOLDERS("backup-no-holders"),
  /** There is nothing to seal. */
  NO_KEYS("backup-no-keys"),
  /** The node has keys; nothing is restored over them. */
  KEYS_EXIST("restore-keys-exist"),
  /** A node of the same fleet is alive and would be the better source. */
  LIVE_PEER("restore-live-peer"),
  /** No name for the node's certificate is known, or another one than the session's was asked. */
  DOMAIN("restore-domain"),
  /** No session runs, or the one that did has ended. */
  NO_SESSION("restore-no-session"),
  /** The share is for another session. */
  OTHER_SESSION("restore-other-session"),
  /** The share is of another set than the first. */
  OTHER_SET("restore-other-set"),
  /** The share names the same set and surrounds it with something else. */
  CHANGED_MANIFEST("restore-changed-manifest"),
  /** The share came already. */
  DUPLICATE_SHARE("restore-duplicate-share"),
  /** The keys are of another generation than the node serves. */
  OTHER_EPOCH("restore-other-epoch"),
  /** The configuration does not say whose keys the node may take. */
  NO_IDENTITY("restore-no-identity"),
  /** The keys are not those of the fleet that the node is configured for. */
  OTHER_IDENTITY("restore-other-identity"),
  /** The evidence of a session is not over that session's key. */
  SESSION_EVIDENCE("restore-session-evidence"),
  /** The node that asks for shares is not the one that was expected. */
  SESSION_MEASUREMENT("restore-session-measurement"),
  /** The authority does not want that node to be a KMS. */
  SESSION_DENIED("restore-session-denied");

  private final String code;

  BackupRefusal(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public RefusalKind kind() {
    return RefusalKind.REFUSED;
  }
}
