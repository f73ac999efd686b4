package dstack.kms.core.pem;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why a text is not the PEM that was expected. */
public enum PemRefusal implements RefusalCode {
  TOO_LONG("pem-too-long"),
  MALFORMED("pem-malformed");

  private final String code;

  PemRefusal(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public RefusalKind kind() {
    return RefusalKind.INVALID;
  }
}
