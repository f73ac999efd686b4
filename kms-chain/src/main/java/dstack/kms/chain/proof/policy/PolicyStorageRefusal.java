package dstack.kms.chain.proof.policy;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why storage that is proved is not evaluated. */
public enum PolicyStorageRefusal implements RefusalCode {
  /** The contract's own code is no proxy that is known. */
  UNKNOWN_PROXY("policy-unknown-proxy"),
  /** The code behind the proxy is not one whose rules are known. */
  UNKNOWN_IMPLEMENTATION("policy-unknown-implementation"),
  /** A word holds what the known code never writes there. */
  STORAGE_VALUE("policy-storage-value"),
  /** A text that is longer than any gateway's name, or no text. */
  STORAGE_TEXT("policy-storage-text");

  private final String code;

  PolicyStorageRefusal(String code) {
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
