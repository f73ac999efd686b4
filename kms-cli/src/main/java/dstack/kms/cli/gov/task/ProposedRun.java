package dstack.kms.cli.gov.task;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.Plan;
import dstack.kms.chain.governance.Route;
import dstack.kms.chain.governance.Task;
import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.ProposalChecks;
import dstack.kms.chain.proposal.Proposer;
import dstack.kms.chain.timelock.TimelockReader;
import dstack.kms.chain.transaction.Receipt;
import dstack.kms.chain.transaction.Request;
import dstack.kms.chain.transaction.Sender;
import dstack.kms.cli.gov.option.Actor;
import dstack.kms.cli.gov.option.SendOptions;
import dstack.kms.cli.gov.option.TransactionOptions;
import dstack.kms.cli.gov.proposal.Governor;
import dstack.kms.cli.gov.proposal.ProposalFiles;
import dstack.kms.cli.gov.proposal.ProposalLines;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Turns changes into a proposal, and schedules it at once where no Safe has to decide and there is
 * a key. What is as wanted already is left out of it.
 */
final class ProposedRun {
  private final CommandSpec spec;
  private final ChangeOptions options;
  private final TransactionOptions transactions;
  private final PrintWriter people;

  ProposedRun(CommandSpec spec, ChangeOptions options) {
    this.spec = spec;
    this.options = options;
    transactions = options.write().transactions();
    people = options.write().people(spec);
  }

  /**
   * The exit status.
   *
   * @param tasks of the endpoint and the account that the contracts will see
   */
  int run(Route route, BiFunction<Endpoint, Address, List<Task>> tasks) {
    return transactions.connect(
        spec,
        endpoint -> {
          Governor.require(endpoint, route);
          Plan plan = OwnerAdvice.plan(endpoint, route, tasks.apply(endpoint, route.actor()));
          if (plan.calls().isEmpty()) {
            people.println("everything is as wanted already: there is nothing to propose");
            return answer(TaskAnswer.proposed(endpoint, plan, Optional.empty(), List.of()));
          }
          Proposal proposal =
              new Proposer(endpoint, options.random())
                  .propose(route, plan.calls(), options.model().options());
          show(plan, proposal);
          return propose(endpoint, plan, proposal);
        });
  }

  private void show(Plan plan, Proposal proposal) {
    ProposalLines.what(proposal, people);
    plan.pending().forEach(task -> task.before().forEach(fact -> people.println(fact.words())));
    plan.pending().forEach(task -> task.task().warnings().forEach(people::println));
    people.flush();
  }

  private int propose(Endpoint endpoint, Plan plan, Proposal proposal) {
    boolean decided = proposal.decided().isPresent();
    if (decided) {
      new ProposalChecks(endpoint).requireStep(proposal);
    } else {
      new ProposalChecks(endpoint).requireSchedulable(proposal);
    }
    if (!decided && transactions.keys().isGiven()) {
      return transactions.act(spec, endpoint, actor -> schedule(endpoint, plan, proposal, actor));
    }
    if (options.write().sending().isDryRun()) {
      people.println(SendOptions.NOTHING_SENT);
      return answer(TaskAnswer.proposed(endpoint, plan, Optional.empty(), names(proposal)));
    }
    TaskAnswer.Named file = write(proposal);
    people.println(
        decided
            ? "next: each owner runs kms gov safe-sign on it, then kms gov safe-exec"
            : "nothing was sent: give a key to schedule it, or run kms gov schedule on it");
    return answer(TaskAnswer.proposed(endpoint, plan, Optional.empty(), names(proposal, file)));
  }

  private int schedule(Endpoint endpoint, Plan plan, Proposal proposal, Actor actor) {
    Call call = new ProposalChecks(endpoint).schedulable(proposal, actor.account());
    if (options.write().sending().isDryRun()) {
      people.println(SendOptions.NOTHING_SENT);
      return answer(TaskAnswer.proposed(endpoint, plan, Optional.empty(), names(proposal)));
    }
    Sender sender = actor.sender().orElseThrow();
    BigInteger most =
        options
            .write()
            .sending()
            .requireConsent(spec, "Schedule", sender, List.of(Request.of(call)));
    // Before anything is sent: whoever has the file can go on.
    TaskAnswer.Named file = write(proposal);
    Receipt receipt = sender.send(Request.of(call));
    people.println("scheduled by " + receipt.hash());
    TimelockReader timelock = new TimelockReader(endpoint, proposal.requireTimelock().address());
    ProposalLines.state(
        timelock, proposal.requireTimelock().operation(proposal.calls()).id(), people);
    return answer(
        TaskAnswer.proposed(endpoint, plan, Optional.of(receipt), names(proposal, file))
            .withMost(most));
  }

  private TaskAnswer.Named write(Proposal proposal) {
    String name = names(proposal).getFirst().value().substring(2, 10);
    Path path = options.out().orElse(Path.of("proposal-" + name + ".json"));
    ProposalFiles.write(path, proposal);
    people.println("written to " + path);
    people.flush();
    return new TaskAnswer.Named("PROPOSAL", path.toString());
  }

  /** Under which ids timelock and Safe know it, in the order of those that there are. */
  private static List<TaskAnswer.Named> names(Proposal proposal, TaskAnswer.Named... more) {
    List<TaskAnswer.Named> names = new ArrayList<>();
    proposal
        .delayed()
        .map(part -> part.operation(proposal.calls()).id().text())
        .ifPresent(id -> names.add(new TaskAnswer.Named("OPERATION", id)));
    proposal
        .decided()
        .map(part -> ProposalLines.hash(proposal, part).text())
        .ifPresent(hash -> names.add(new TaskAnswer.Named("SAFE_TX_HASH", hash)));
    proposal
        .decided()
        .flatMap(part -> part.delegate(proposal))
        .ifPresent(code -> names.add(new TaskAnswer.Named("DELEGATECALL", code)));
    names.addAll(List.of(more));
    return names;
  }

  private int answer(TaskAnswer answer) {
    if (options.write().isJson()) {
      spec.commandLine().getOut().println(JsonText.of(answer));
    }
    return ExitStatus.DONE.number();
  }
}
