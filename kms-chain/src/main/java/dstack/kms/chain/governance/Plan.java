package dstack.kms.chain.governance;

import dstack.kms.chain.account.Call;
import java.util.List;

/**
 * Tasks that were read back, compared with the present state and simulated: what a signer is shown.
 *
 * @param route who makes the calls
 * @param tasks in order, those that are done already included
 */
public record Plan(Route route, List<PlannedTask> tasks) {
  /** Keeps a copy. */
  public Plan {
    tasks = List.copyOf(tasks);
  }

  /** What remains to be done. */
  public List<PlannedTask> pending() {
    return tasks.stream().filter(task -> !task.isDone()).toList();
  }

  /** The calls that remain to be made, in order. */
  public List<Call> calls() {
    return pending().stream().flatMap(planned -> planned.task().calls().stream()).toList();
  }
}
