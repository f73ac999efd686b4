package dstack.kms.attest.quote;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why bytes are no quote. */
public enum QuoteRefusal implements RefusalCode {
  /** The bytes do not have the layout of a quote of version 3, 4 or 5. */
  MALFORMED("quote-malformed"),
  /** The certification data does not have the layout that its type asks for. */
  CERTIFICATION_DATA("quote-certification-data");

  private final String code;

  QuoteRefusal(String code) {
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
