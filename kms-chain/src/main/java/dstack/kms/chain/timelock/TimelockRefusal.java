package dstack.kms.chain.timelock;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why an operation is not scheduled, executed or cancelled. */
public enum TimelockRefusal implements RefusalCode {
  /** No calls, a negative delay, or calldata that is none of a timelock's. */
  OPERATION("timelock-operation"),
  /** The contract computes another id than we do, so one of the two is not what it seems. */
  ID("timelock-id"),
  /** The delay is below the least that the timelock takes. */
  DELAY("timelock-delay"),
  /** The account lacks the role. */
  ROLE("timelock-role"),
  /** The operation is in another state than the step needs. */
  STATE("timelock-state"),
  /** The operation that must be done before is not. */
  PREDECESSOR("timelock-predecessor"),
  /** There is no code at the target: the timelock would count a call there as success. */
  TARGET("timelock-target"),
  /** The address answers unlike a timelock. */
  CONTRACT("timelock-contract");

  private final String code;

  TimelockRefusal(String code) {
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
