package dstack.kms.attest.snp;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why AMD's key distribution service gave no certificate. */
public enum KdsRefusal implements RefusalCode {
  /** It did not answer in time and in the expected form; nothing is known of the report. */
  UNAVAILABLE("amd-kds-unavailable", RefusalKind.UNAVAILABLE),
  /** So many requests are under way that no further one is made. */
  BUSY("amd-kds-busy", RefusalKind.UNAVAILABLE),
  /** It says that there is no such chip, or none with these components. */
  UNKNOWN_CHIP("amd-kds-unknown-chip", RefusalKind.REFUSED);

  private final String code;
  private final RefusalKind kind;

  KdsRefusal(String code, RefusalKind kind) {
    this.code = code;
    this.kind = kind;
  }

  RefusalException because(String text) {
    return new RefusalException(this, text);
  }

  RefusalException because(String text, String detail) {
    return new RefusalException(this, text, detail);
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
