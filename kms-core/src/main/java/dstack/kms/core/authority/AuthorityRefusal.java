package dstack.kms.core.authority;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why an authority gave no usable answer, or answered no. */
public enum AuthorityRefusal implements RefusalCode {
  /** The authority answered no. */
  DENIED("authority-denied", RefusalKind.REFUSED),
  /** No connection, no answer in time, or a failure status. */
  UNREACHABLE("authority-unreachable", RefusalKind.UNAVAILABLE),
  /** An answer that is not of the agreed form. */
  MALFORMED_ANSWER("authority-malformed-answer", RefusalKind.UNAVAILABLE),
  /** An answer without a signature of the key that was configured for it. */
  UNSIGNED_ANSWER("authority-answer-unsigned", RefusalKind.UNAVAILABLE),
  /** An answer whose signature is not of now. */
  STALE_ANSWER("authority-answer-stale", RefusalKind.UNAVAILABLE),
  /** The files of the webhook's TLS cannot be read, or do not fit. */
  TLS_FILES("authority-tls-files", RefusalKind.INVALID),
  /** The policy file cannot be read or is not of the agreed form. */
  POLICY_UNREADABLE("authority-policy-unreadable", RefusalKind.UNAVAILABLE);

  private final String code;
  private final RefusalKind kind;

  AuthorityRefusal(String code, RefusalKind kind) {
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
