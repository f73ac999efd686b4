package dstack.kms.chain.account;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why a text is no address and no word of the chain. */
public enum AccountRefusal implements RefusalCode {
  /** Not 20 bytes of hexadecimal digits, or a checksum that does not hold. */
  ADDRESS("chain-address"),
  /** Not 32 bytes of hexadecimal digits. */
  WORD("chain-word");

  private final String code;

  AccountRefusal(String code) {
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
