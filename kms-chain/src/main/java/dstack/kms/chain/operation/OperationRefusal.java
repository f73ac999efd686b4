package dstack.kms.chain.operation;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why something that was sent and confirmed is not what was wanted. */
public enum OperationRefusal implements RefusalCode {
  /** The state afterwards is another one. */
  STATE("operation-state"),
  /** There is no code, or other code, where a contract was deployed. */
  CODE("operation-code"),
  /** The receipt does not say what was created. */
  RECEIPT("operation-receipt");

  private final String code;

  OperationRefusal(String code) {
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
