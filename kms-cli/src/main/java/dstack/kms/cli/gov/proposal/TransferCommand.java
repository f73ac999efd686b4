package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.FactReader;
import dstack.kms.chain.governance.OwnerTasks;
import dstack.kms.chain.governance.Ownership;
import dstack.kms.chain.governance.Plan;
import dstack.kms.chain.governance.Planner;
import dstack.kms.chain.governance.Route;
import dstack.kms.chain.operation.DirectExecution;
import dstack.kms.chain.operation.Retry;
import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.ProposalOptions;
import dstack.kms.chain.proposal.ProposalRefusal;
import dstack.kms.chain.proposal.Proposer;
import dstack.kms.chain.transaction.Patience;
import dstack.kms.chain.transaction.Pause;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.core.refusal.RefusalException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Hands a contract over from an account, and prepares the acceptance where one is needed. */
@Command(
    name = "transfer",
    description = {
      "Hands a contract over to a timelock, a Safe or, with --eoa, an account.",
      "Where the new owner has to accept, its acceptance is written as a proposal at once."
    })
public final class TransferCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ChainOption chain;
  @Mixin private final KmsOption kms;
  @Mixin private final KeyOptions keys;

  @Option(
      names = "--contract",
      paramLabel = "ADDR",
      converter = AddressArgument.class,
      description = "An app's contract; by default the KMS.")
  private @Nullable Address contract;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "ADDR",
      converter = AddressArgument.class,
      description = "The new owner.")
  private Address to;

  @Option(names = "--eoa", description = "The new owner is an account without code.")
  private boolean eoa;

  @Option(
      names = "--accept-by-safe",
      paramLabel = "ADDR",
      converter = AddressArgument.class,
      description = "The new owner is a timelock at which this Safe schedules the acceptance.")
  private @Nullable Address safe;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      defaultValue = "accept.json",
      description = "Where the acceptance goes; by default ${DEFAULT-VALUE}.")
  private Path out = Path.of("accept.json");

  private final SecureRandom random;

  /** A command over these variables. */
  public TransferCommand(Map<String, String> variables, SecureRandom random) {
    kms = new KmsOption(variables);
    keys = new KeyOptions(variables);
    this.random = random;
  }

  @Override
  public Integer call() {
    chain.ask(this::transfer);
    return ExitStatus.DONE.number();
  }

  private ExitStatus transfer(Endpoint endpoint) {
    PrintWriter printer = spec.commandLine().getOut();
    Address what = contract();
    requireKind(endpoint);
    FactReader facts = FactReader.latest(endpoint);
    Ownership now = Ownership.read(facts, what);
    OwnerTasks tasks = new OwnerTasks(what);
    keys.send(
        spec,
        endpoint,
        sender -> {
          Plan plan =
              new Planner(endpoint)
                  .plan(new Route.Direct(sender.account()), List.of(tasks.transfer(to, now)));
          plan.pending()
              .forEach(task -> task.before().forEach(fact -> printer.println(fact.words())));
          return new DirectExecution(
                  endpoint, sender, new Retry(Patience.USUAL, Pause.REAL), Optional.empty())
              .run(plan, done -> done.after().forEach(fact -> printer.println(fact.words())));
        });
    if (now.isTwoStep() && !eoa) {
      accept(endpoint, tasks, printer);
    }
    return ExitStatus.DONE;
  }

  private Address contract() {
    if (contract != null) {
      return contract;
    }
    return kms.address(spec)
        .orElseThrow(() -> new ParameterException(spec.commandLine(), "give --kms or --contract"));
  }

  /** A wrong address here is an owner that nobody is. */
  private void requireKind(Endpoint endpoint) {
    boolean hasCode = !endpoint.code(to).isEmpty();
    if (hasCode == eoa) {
      throw new RefusalException(
          ProposalRefusal.MODEL,
          hasCode
              ? to + " is a contract: leave --eoa out"
              : "there is no contract at " + to + ": give --eoa if it is an account");
    }
  }

  private void accept(Endpoint endpoint, OwnerTasks tasks, PrintWriter printer) {
    Route route = safe == null ? ownerRoute(endpoint) : new Route.SafeThroughTimelock(safe, to);
    Proposal proposal =
        new Proposer(endpoint, random)
            .propose(route, tasks.accept(to).calls(), ProposalOptions.DEFAULT);
    ProposalArgument.write(out, proposal);
    printer.println(
        "until it accepts, the old owner stays; the acceptance is written to "
            + out
            + ": go on with "
            + (proposal.decided().isPresent() ? "kms gov safe-sign" : "kms gov schedule"));
  }

  /** A timelock if it answers like one, else a Safe. */
  private Route ownerRoute(Endpoint endpoint) {
    return OwnerKind.isTimelock(endpoint, to) ? new Route.Timelock(to) : new Route.Safe(to);
  }
}
