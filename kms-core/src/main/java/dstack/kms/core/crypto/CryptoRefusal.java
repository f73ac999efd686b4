package dstack.kms.core.crypto;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why bytes are not a key or a signature. */
public enum CryptoRefusal implements RefusalCode {
  PRIVATE_KEY_LENGTH("private-key-length"),
  PRIVATE_KEY_RANGE("private-key-range"),
  PRIVATE_KEY_ENCODING("private-key-encoding"),
  PRIVATE_KEY_MISMATCH("private-key-mismatch"),
  PUBLIC_KEY_ENCODING("public-key-encoding"),
  SIGNATURE_ENCODING("signature-encoding");

  private final String code;

  CryptoRefusal(String code) {
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
