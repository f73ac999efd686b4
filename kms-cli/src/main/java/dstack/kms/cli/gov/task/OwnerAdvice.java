package dstack.kms.cli.gov.task;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.endpoint.CallOutcome;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.FactReader;
import dstack.kms.chain.governance.GovernanceRefusal;
import dstack.kms.chain.governance.OwnerTasks;
import dstack.kms.chain.governance.Ownership;
import dstack.kms.chain.governance.Plan;
import dstack.kms.chain.governance.Planner;
import dstack.kms.chain.governance.Route;
import dstack.kms.chain.governance.Task;
import dstack.kms.cli.gov.proposal.Governor;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;

/** Plans, and says who could make a change that the actor cannot, and by which option. */
final class OwnerAdvice {
  private OwnerAdvice() {}

  static Plan plan(Endpoint endpoint, Route route, List<Task> tasks) {
    try {
      return new Planner(endpoint).plan(route, tasks);
    } catch (RefusalException e) {
      if (e.code() != GovernanceRefusal.SIMULATION) {
        throw e;
      }
      throw tasks.stream()
          .flatMap(task -> task.calls().stream())
          .flatMap(call -> advice(endpoint, route, call).stream())
          .findFirst()
          .map(advice -> new RefusalException(e.code(), e.text() + ": " + advice, e.detail()))
          .orElse(e);
    }
  }

  /** Only where it is the account that matters: another one may make the same call. */
  private static Optional<String> advice(Endpoint endpoint, Route route, Call call) {
    Optional<Address> able = able(endpoint, call).filter(who -> !who.equals(route.actor()));
    return able.filter(_ -> isReverted(endpoint, route.actor(), call))
        .filter(who -> !isReverted(endpoint, who, call))
        .map(who -> words(Governor.of(endpoint, who), who, route));
  }

  /** The owner, or for an acceptance the one who is to become it. */
  private static Optional<Address> able(Endpoint endpoint, Call call) {
    Call acceptance = new OwnerTasks(call.target()).accept(Address.ZERO).calls().getFirst();
    try {
      Ownership now = Ownership.read(FactReader.latest(endpoint), call.target());
      return acceptance.data().equals(call.data()) ? now.pendingOwner() : Optional.of(now.owner());
    } catch (RefusalException e) {
      if (e.code() != GovernanceRefusal.CONTRACT) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static boolean isReverted(Endpoint endpoint, Address caller, Call call) {
    return endpoint.simulate(caller, call) instanceof CallOutcome.Reverted;
  }

  private static String words(Governor kind, Address who, Route route) {
    return switch (kind) {
      case TIMELOCK ->
          "the timelock "
              + who
              + " could; propose it with --timelock "
              + who
              + ", and --safe ADDR as well if a Safe schedules there";
      case SAFE -> "the Safe " + who + " could; propose it with --safe " + who;
      case CONTRACT -> "the contract " + who + " could, which is neither a timelock nor a Safe";
      case ACCOUNT ->
          "the account "
              + who
              + " could; send with its key"
              + (route instanceof Route.Direct ? "" : ", without --timelock and --safe");
    };
  }
}
