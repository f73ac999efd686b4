package dstack.kms.core.audit;

/** What a line of the audit log is about. */
public enum AuditKind {
  /** A node began to run, with the digest of its configuration. */
  NODE_STARTED("node-started"),
  /** A node ended as it was told to. */
  NODE_STOPPED("node-stopped"),
  /** A configuration was read anew while the node ran. */
  CONFIGURATION("configuration"),
  /** The authority's word about this node changed. */
  SELF_AUTHORIZATION("self-authorization"),
  /** Fresh root keys. */
  BOOTSTRAP("bootstrap"),
  /** Root keys of another node. */
  REPLICATION("replication"),
  /** Root keys out of a backup. */
  RESTORE("restore"),
  /** Root keys were sealed for the holders of a backup. */
  BACKUP("backup"),
  /** A root generation was made. */
  EPOCH("epoch"),
  /** Keys of an application. */
  APP_KEY("app-key"),
  /** The root keys, to another node. */
  KMS_KEY("kms-key"),
  /** A certificate for an application. */
  APP_CERTIFICATE("app-certificate"),
  /** An authority's word about an application, to another node. */
  APP_DECISION("app-decision"),
  /** An authority's word about a node, to another node. */
  KMS_DECISION("kms-decision"),
  /** The log about itself: its key, what it left out, what it found after a crash. */
  LOG("log");

  private final String word;

  AuditKind(String word) {
    this.word = word;
  }

  /** The word in the log. */
  public String word() {
    return word;
  }
}
