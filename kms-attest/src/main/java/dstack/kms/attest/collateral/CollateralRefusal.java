package dstack.kms.attest.collateral;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why there is no collateral for a quote. */
public enum CollateralRefusal implements RefusalCode {
  /** Given collateral is no JSON of the expected form. */
  MALFORMED("collateral-malformed", RefusalKind.INVALID),
  /** The quote's certification data cannot be turned into a platform to ask about. */
  CERTIFICATION_DATA("collateral-certification-data", RefusalKind.INVALID),
  /** No service answered in time, or not in the expected form; nothing is known of the quote. */
  UNAVAILABLE("collateral-unavailable", RefusalKind.UNAVAILABLE),
  /** A service answered with collateral that does not verify; nothing is known of the quote. */
  REJECTED("collateral-rejected", RefusalKind.UNAVAILABLE),
  /** A service answered with collateral older than what was seen before. */
  ROLLED_BACK("collateral-rolled-back", RefusalKind.UNAVAILABLE),
  /** Everything there is was issued longer ago than the configuration allows. */
  TOO_OLD("collateral-too-old", RefusalKind.UNAVAILABLE);

  private final String code;
  private final RefusalKind kind;

  CollateralRefusal(String code, RefusalKind kind) {
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
