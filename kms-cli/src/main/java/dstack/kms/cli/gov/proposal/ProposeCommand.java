package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.account.Call;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.Plan;
import dstack.kms.chain.governance.Planner;
import dstack.kms.chain.governance.Route;
import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.ProposalChecks;
import dstack.kms.chain.proposal.Proposer;
import dstack.kms.chain.timelock.TimelockReader;
import dstack.kms.chain.transaction.Request;
import dstack.kms.cli.outcome.ExitStatus;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Turns tasks into a proposal, and schedules it at once where no Safe has to decide. */
@Command(
    name = "propose",
    description = {
      "Proposes changes through a timelock, a Safe, or both, and writes them to a file.",
      "Tasks: " + TaskWords.FORMS,
      "Several tasks are quoted, one each, and take effect together."
    })
public final class ProposeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ChainOption chain;
  @Mixin private ModelOptions model;
  @Mixin private final KmsOption kms;
  @Mixin private final KeyOptions keys;

  @Parameters(arity = "1..*", paramLabel = "TASK", description = "What is to be changed.")
  private List<String> words;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "Where the proposal goes; by default proposal-<start of its id>.json.")
  private @Nullable Path out;

  @Option(names = "--dry-run", description = "Show and check everything; write and send nothing.")
  private boolean dryRun;

  private final SecureRandom random;

  /** A command over these variables. */
  public ProposeCommand(Map<String, String> variables, SecureRandom random) {
    kms = new KmsOption(variables);
    keys = new KeyOptions(variables);
    this.random = random;
  }

  @Override
  public Integer call() {
    Route route = model.route(spec);
    return chain.ask(endpoint -> propose(endpoint, route)).number();
  }

  private ExitStatus propose(Endpoint endpoint, Route route) {
    PrintWriter printer = spec.commandLine().getOut();
    Plan plan =
        new Planner(endpoint).plan(route, new TaskWords(spec, kms.address(spec)).tasks(words));
    List<Call> calls = plan.calls();
    if (calls.isEmpty()) {
      printer.println("everything is as wanted already: there is nothing to propose");
      return ExitStatus.DONE;
    }
    Proposal proposal = new Proposer(endpoint, random).propose(route, calls, model.options());
    ProposalLines.what(proposal, printer);
    plan.pending().forEach(task -> task.before().forEach(fact -> printer.println(fact.words())));
    plan.pending().forEach(task -> task.task().warnings().forEach(printer::println));
    require(endpoint, proposal);
    if (!dryRun) {
      write(proposal, printer);
      go(endpoint, proposal, printer);
    }
    return ExitStatus.DONE;
  }

  private static void require(Endpoint endpoint, Proposal proposal) {
    ProposalChecks checks = new ProposalChecks(endpoint);
    if (proposal.decided().isPresent()) {
      checks.requireStep(proposal);
    } else {
      checks.requireSchedulable(proposal);
    }
  }

  /** Before anything is sent: whoever has the file can go on. */
  private void write(Proposal proposal, PrintWriter printer) {
    String name =
        proposal
            .delayed()
            .map(part -> part.operation(proposal.calls()).id())
            .orElseGet(() -> ProposalLines.hash(proposal, proposal.requireSafe()))
            .text()
            .substring(2, 10);
    Path path = out == null ? Path.of("proposal-" + name + ".json") : out;
    ProposalArgument.write(path, proposal);
    printer.println("written to " + path);
  }

  private void go(Endpoint endpoint, Proposal proposal, PrintWriter printer) {
    if (proposal.decided().isPresent()) {
      printer.println("next: each owner runs kms gov safe-sign on it, then kms gov safe-exec");
      return;
    }
    if (!keys.isGiven()) {
      printer.println("nothing was sent: give a key to schedule it");
      return;
    }
    keys.send(
        spec,
        endpoint,
        sender -> {
          Call call = new ProposalChecks(endpoint).schedulable(proposal, sender.account());
          return sender.send(Request.of(call));
        });
    TimelockReader timelock = new TimelockReader(endpoint, proposal.requireTimelock().address());
    ProposalLines.state(
        timelock, proposal.requireTimelock().operation(proposal.calls()).id(), printer);
  }
}
