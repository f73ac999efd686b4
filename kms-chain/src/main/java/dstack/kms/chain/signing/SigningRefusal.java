package dstack.kms.chain.signing;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why nothing was signed, or what was signed is not used. */
public enum SigningRefusal implements RefusalCode {
  /** Not a private key, or one that must not be used. */
  KEY("signing-key", RefusalKind.INVALID),
  /** Not a key file of version 3, or one of excessive cost. */
  KEY_FILE("signing-key-file", RefusalKind.INVALID),
  /** The key file does not open with the password. */
  PASSWORD("signing-password", RefusalKind.REFUSED),
  /** The signer signed something else than was asked, or with another key. */
  OTHER_TRANSACTION("signing-other-transaction", RefusalKind.REFUSED),
  /** The signer does not have the account, or refuses. */
  SIGNER("signing-signer", RefusalKind.REFUSED),
  /** The signer did not answer. */
  UNREACHABLE("signing-unreachable", RefusalKind.UNAVAILABLE);

  private final String code;
  private final RefusalKind kind;

  SigningRefusal(String code, RefusalKind kind) {
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

  RefusalException because(String text) {
    return new RefusalException(this, text);
  }
}
