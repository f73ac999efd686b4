package dstack.kms.chain.safe;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why a Safe transaction is not signed, or not sent. */
public enum SafeRefusal implements RefusalCode {
  /** Not a signature in any of the four forms. */
  SIGNATURE_ENCODING("safe-signature-encoding"),
  /** A signature that none of the owners made over this transaction. */
  SIGNER("safe-signer"),
  /** Two signatures of one owner. */
  DUPLICATE("safe-signature-duplicate"),
  /** Fewer owners than the threshold signed. */
  THRESHOLD("safe-threshold"),
  /** The Safe has moved on, or is not yet there. */
  NONCE("safe-nonce"),
  /** The contract computes another hash than we do, so one of the two is not what it seems. */
  HASH("safe-hash"),
  /** The contract is not one of the published Safe contracts. */
  CONTRACT("safe-contract"),
  /** The Safe's inner call failed, or its transaction did not succeed. */
  EXECUTION("safe-execution"),
  /** Bytes that are no packed transactions. */
  MULTI_SEND("safe-multi-send");

  private final String code;

  SafeRefusal(String code) {
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
