package dstack.kms.core.csr;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why a request to certify a key is not taken. */
public enum CsrRefusal implements RefusalCode {
  API_VERSION("csr-api-version"),
  VALIDITY("csr-validity"),
  PUBLIC_KEY("csr-public-key"),
  ALGORITHM("csr-algorithm"),
  SIGNATURE("csr-signature"),
  CONFIRM_WORD("csr-confirm-word");

  private final String code;

  CsrRefusal(String code) {
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
