package dstack.kms.chain.anchor;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why a transaction anchors nothing, or not this log. */
public enum AnchorRefusal implements RefusalCode {
  /** No transaction of that hash is part of the chain. */
  MISSING("anchor-missing"),
  /** The transaction is no anchor. */
  FORM("anchor-form"),
  /** It anchors another head, or somebody else made it. */
  OTHER("anchor-other");

  private final String code;

  AnchorRefusal(String code) {
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

  RefusalException because(String text) {
    return new RefusalException(this, text);
  }
}
