package dstack.kms.chain.proposal;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why a proposal is not taken up. */
public enum ProposalRefusal implements RefusalCode {
  /** The file is not one that this program writes. */
  FILE("proposal-file"),
  /** Id, hash or text in the file are not those of its calls. */
  MISMATCH("proposal-mismatch"),
  /** It was made for another chain than the one that answers. */
  CHAIN("proposal-chain"),
  /** The step needs a timelock or a Safe, and the proposal has none. */
  MODEL("proposal-model"),
  /** The copies of one proposal differ in more than their signatures. */
  COPIES("proposal-copies"),
  /** The Safe would run code as itself that the reader did not vouch for. */
  MULTI_SEND("proposal-multi-send");

  private final String code;

  ProposalRefusal(String code) {
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
