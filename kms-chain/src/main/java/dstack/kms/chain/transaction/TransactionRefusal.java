package dstack.kms.chain.transaction;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why a transaction was not made, or is not known to have been. */
public enum TransactionRefusal implements RefusalCode {
  /** The account has less than the transaction may cost. */
  BALANCE("transaction-balance", RefusalKind.REFUSED),
  /** It may cost more than was agreed to, or than any transaction of this program does. */
  COST("transaction-cost", RefusalKind.REFUSED),
  /** It would fail, or did. */
  REVERTED("transaction-reverted", RefusalKind.REFUSED),
  /** No endpoint took it. */
  NOT_SENT("transaction-not-sent", RefusalKind.REFUSED),
  /** It was sent, and whether it takes effect is open. */
  PENDING("transaction-pending", RefusalKind.UNAVAILABLE),
  /** The transaction to be resumed is unknown or does something else. */
  RESUME("transaction-resume", RefusalKind.REFUSED);

  private final String code;
  private final RefusalKind kind;

  TransactionRefusal(String code, RefusalKind kind) {
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
