package dstack.kms.onboard.backup.share;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why something is no backup, no share of one, or cannot be opened. */
public enum ShareRefusal implements RefusalCode {
  /** The bytes are no share file. */
  MALFORMED("share-malformed", RefusalKind.INVALID),
  /** A holder's public key is none of a kind that shares can be sealed to. */
  HOLDER_KEY("share-holder-key", RefusalKind.INVALID),
  /** The holders, taken together, cannot have a backup. */
  HOLDERS("share-holders", RefusalKind.INVALID),
  /** A holder's private key cannot be read. */
  IDENTITY("share-identity", RefusalKind.INVALID),
  /** The share is sealed to another key. */
  NOT_YOURS("share-not-yours", RefusalKind.REFUSED),
  /** The share opens, and what surrounds it was changed since it was sealed. */
  ALTERED("share-altered", RefusalKind.REFUSED),
  /** The shares do not open the keys, or the keys are not those that the manifest names. */
  PAYLOAD("share-payload", RefusalKind.REFUSED);

  private final String code;
  private final RefusalKind kind;

  ShareRefusal(String code, RefusalKind kind) {
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
