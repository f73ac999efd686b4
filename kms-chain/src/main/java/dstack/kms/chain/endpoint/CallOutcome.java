package dstack.kms.chain.endpoint;

import dstack.kms.chain.revert.Revert;
import dstack.kms.core.bytes.Bytes;

/** How a simulated call ended. */
public sealed interface CallOutcome {
  /**
   * It went through.
   *
   * @param data what was returned; empty also if there is no contract
   */
  record Returned(Bytes data) implements CallOutcome {}

  /** The contract refused it. */
  record Reverted(Revert revert) implements CallOutcome {}
}
