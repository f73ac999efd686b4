package dstack.kms.chain.governance;

import dstack.kms.chain.calldata.CallReading;
import java.util.List;

/**
 * A task in front of the present state.
 *
 * @param before the facts that it is about, as they are
 * @param readings its calls, read back from their bytes
 */
public record PlannedTask(Task task, List<FactState> before, List<CallReading> readings) {
  /** Keeps copies. */
  public PlannedTask {
    before = List.copyOf(before);
    readings = List.copyOf(readings);
  }

  /** Whether everything is as wanted already, so that nothing needs to be sent. */
  public boolean isDone() {
    return !before.isEmpty() && before.stream().allMatch(FactState::holds);
  }
}
