package dstack.kms.chain.governance;

import dstack.kms.chain.account.Call;
import dstack.kms.chain.calldata.CallReading;
import dstack.kms.chain.endpoint.CallOutcome;
import dstack.kms.chain.endpoint.Endpoint;
import java.util.List;

/** Makes plans; sends nothing. */
public final class Planner {
  private final Endpoint endpoint;
  private final FactReader reader;

  /** Plans against the newest block of this endpoint. */
  public Planner(Endpoint endpoint) {
    this.endpoint = endpoint;
    reader = FactReader.latest(endpoint);
  }

  /**
   * The tasks in front of the present state. Refused in words if a target is no contract, lacks the
   * facts that the task is about, or would refuse the call of the route's actor.
   */
  public Plan plan(Route route, List<Task> tasks) {
    return new Plan(route, tasks.stream().map(task -> planned(route, task)).toList());
  }

  private PlannedTask planned(Route route, Task task) {
    task.calls().forEach(this::requireContract);
    List<FactState> before = task.expectations().stream().map(this::state).toList();
    List<CallReading> readings = task.calls().stream().map(CallReading::of).toList();
    PlannedTask planned = new PlannedTask(task, before, readings);
    if (!planned.isDone()) {
      task.calls().forEach(call -> simulate(route, task, call));
    }
    return planned;
  }

  private FactState state(Expectation expectation) {
    return new FactState(expectation, reader.read(expectation.fact()));
  }

  private void requireContract(Call call) {
    if (endpoint.code(call.target()).isEmpty()) {
      throw GovernanceRefusal.CONTRACT.because(
          "there is no contract at " + call.target() + " on this chain");
    }
  }

  private void simulate(Route route, Task task, Call call) {
    if (endpoint.simulate(route.actor(), call) instanceof CallOutcome.Reverted(var revert)) {
      throw GovernanceRefusal.SIMULATION.because(
          "the contract would refuse to "
              + task.title()
              + " when called by "
              + route.actor()
              + ": "
              + revert.words());
    }
  }
}
