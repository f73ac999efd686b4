package dstack.kms.onboard.replication;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why no keys are taken over from a source. */
public enum ReplicationRefusal implements RefusalCode {
  /** No connection to the source. */
  SOURCE_UNREACHABLE("replication-source-unreachable", RefusalKind.UNAVAILABLE),
  /** What answers is plain HTTP: a set-up listener, perhaps this node's own. */
  SOURCE_NOT_TLS("replication-source-not-tls", RefusalKind.REFUSED),
  /** The source has no certificate, or one that cannot be read. */
  SOURCE_CERTIFICATE("replication-source-certificate", RefusalKind.REFUSED),
  /** The source's certificate carries no evidence. */
  SOURCE_WITHOUT_EVIDENCE("replication-source-without-evidence", RefusalKind.REFUSED),
  /** The source's certificate is not that of a KMS. */
  SOURCE_USAGE("replication-source-usage", RefusalKind.REFUSED),
  /** The source shows this node's own key or evidence back to it. */
  OWN_EVIDENCE_REFLECTED("replication-own-evidence-reflected", RefusalKind.REFUSED),
  /** What the source says about its own keys does not hold together. */
  SOURCE_IDENTITY("replication-source-identity", RefusalKind.REFUSED),
  /** The source is of another fleet than the configured one. */
  OTHER_IDENTITY("replication-other-identity", RefusalKind.REFUSED),
  /** The source follows another contract or chain than this node. */
  OTHER_NETWORK("replication-other-network", RefusalKind.REFUSED),
  /** This node's authority does not let the source be a KMS. */
  SOURCE_NOT_ALLOWED("replication-source-not-allowed", RefusalKind.REFUSED),
  /** The source's evidence has a configuration that names no OS image. */
  SOURCE_IMAGE_UNKNOWN("replication-source-image-unknown", RefusalKind.REFUSED),
  /** The source's authority does not let this machine be a KMS. */
  DENIED_BY_SOURCE("replication-denied-by-source", RefusalKind.REFUSED),
  /** The source's view of the chain is not ready. */
  SOURCE_NOT_READY("replication-source-not-ready", RefusalKind.UNAVAILABLE),
  /** The source refuses for another reason. */
  REFUSED_BY_SOURCE("replication-refused-by-source", RefusalKind.REFUSED),
  /** Another key answered the second connection than the first. */
  SOURCE_KEY_CHANGED("replication-source-key-changed", RefusalKind.REFUSED),
  /** The source went away, or fell silent, in the middle. */
  SOURCE_GONE("replication-source-gone", RefusalKind.UNAVAILABLE),
  /** The source's answer is too large or not of the agreed form. */
  SOURCE_ANSWER("replication-source-answer", RefusalKind.REFUSED),
  /** The source gave no keys. */
  SOURCE_WITHOUT_KEYS("replication-source-without-keys", RefusalKind.REFUSED),
  /** What the source gave are not exactly the keys of one KMS. */
  KEYS_INVALID("replication-keys-invalid", RefusalKind.REFUSED),
  /** The keys are not those of the KMS whose evidence was verified. */
  KEYS_SUBSTITUTED("replication-keys-substituted", RefusalKind.REFUSED),
  /** The node was told to stop while it waited for the source. */
  GIVEN_UP("replication-given-up", RefusalKind.UNAVAILABLE);

  private final String code;
  private final RefusalKind kind;

  ReplicationRefusal(String code, RefusalKind kind) {
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
