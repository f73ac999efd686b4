package dstack.kms.onboard.setup;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why the set-up service does not do what was asked. */
public enum SetupRefusal implements RefusalCode {
  /** There are root keys already; they are never replaced. */
  ALREADY_BOOTSTRAPPED("setup-already-bootstrapped", RefusalKind.REFUSED),
  /** The authority does not want this machine to be a KMS. */
  NOT_ALLOWED("setup-not-allowed", RefusalKind.REFUSED),
  /** Set-up cannot end before there are keys. */
  NOT_FINISHED("setup-not-finished", RefusalKind.REFUSED),
  /** Another set-up procedure runs. */
  UNDER_WAY("setup-under-way", RefusalKind.REFUSED),
  /** A changing call did not show the set-up token. */
  TOKEN("setup-token", RefusalKind.REFUSED),
  /** A changing call came from a page of another origin. */
  FOREIGN_ORIGIN("setup-foreign-origin", RefusalKind.REFUSED),
  /** Too many calls from that address showed a wrong set-up token. */
  TOKEN_THROTTLED("setup-token-throttled", RefusalKind.REFUSED),
  /** A call came under a name that this listener must not be used under. */
  FOREIGN_HOST("setup-foreign-host", RefusalKind.REFUSED),
  /** The plain finish came by another method than the one that ends the set-up. */
  GET_ONLY("setup-get-only", RefusalKind.INVALID);

  private final String code;
  private final RefusalKind kind;

  SetupRefusal(String code, RefusalKind kind) {
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
