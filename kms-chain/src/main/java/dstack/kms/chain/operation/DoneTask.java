package dstack.kms.chain.operation;

import dstack.kms.chain.governance.FactState;
import dstack.kms.chain.governance.PlannedTask;
import dstack.kms.chain.transaction.Receipt;
import java.util.List;

/**
 * A task that took effect.
 *
 * @param planned what was planned
 * @param receipts of its transactions; empty if there was nothing to do
 * @param after the facts it is about, as they are now
 */
public record DoneTask(PlannedTask planned, List<Receipt> receipts, List<FactState> after) {
  /** Keeps copies. */
  public DoneTask {
    receipts = List.copyOf(receipts);
    after = List.copyOf(after);
  }
}
