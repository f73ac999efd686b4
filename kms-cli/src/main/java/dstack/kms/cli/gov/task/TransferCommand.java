package dstack.kms.cli.gov.task;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.FactReader;
import dstack.kms.chain.governance.OwnerTasks;
import dstack.kms.chain.governance.Ownership;
import dstack.kms.chain.governance.Route;
import dstack.kms.chain.governance.Task;
import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.ProposalOptions;
import dstack.kms.chain.proposal.ProposalRefusal;
import dstack.kms.chain.proposal.Proposer;
import dstack.kms.cli.gov.option.AddressText;
import dstack.kms.cli.gov.option.KmsOption;
import dstack.kms.cli.gov.option.Terminal;
import dstack.kms.cli.gov.proposal.Governor;
import dstack.kms.cli.gov.proposal.ProposalFiles;
import dstack.kms.core.refusal.RefusalException;
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
import picocli.CommandLine.Spec;

/** Hands a contract over from an account, and prepares the acceptance where one is needed. */
@Command(
    name = "transfer",
    description = {
      "Hands a contract over to a timelock, a Safe or, with --eoa, an account.",
      "Where the new owner has to accept, its acceptance is written as a proposal at once: to FILE,"
          + " by default accept.json. With --timelock or --safe the handing over itself is"
          + " proposed; once it was executed, kms gov accept proposes the acceptance."
    })
public final class TransferCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ChangeOptions change;
  @Mixin private final KmsOption kms;

  @Option(
      names = {"--contract", "--app-id"},
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "An app's contract; by default the KMS.")
  private @Nullable Address contract;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "The new owner.")
  private Address to;

  @Option(names = "--eoa", description = "The new owner is an account without code.")
  private boolean eoa;

  @Option(
      names = "--accept-by-safe",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "The new owner is a timelock at which this Safe schedules the acceptance.")
  private @Nullable Address safe;

  /** A command over these variables that asks at this terminal. */
  public TransferCommand(Map<String, String> variables, Terminal terminal, SecureRandom random) {
    change = new ChangeOptions(variables, terminal, random).keepingFiles();
    kms = new KmsOption(variables);
  }

  @Override
  public Integer call() {
    OwnerTasks tasks = new OwnerTasks(contract());
    return new TaskRun(spec, change)
        .run((endpoint, _) -> task(endpoint, tasks), (endpoint, _) -> accept(endpoint, tasks));
  }

  private Task task(Endpoint endpoint, OwnerTasks tasks) {
    Task task = tasks.transfer(to, Ownership.read(FactReader.latest(endpoint), tasks.contract()));
    requireKind(endpoint);
    return task;
  }

  private Address contract() {
    return contract == null ? kms.address(spec) : contract;
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

  /** Writes the acceptance of a contract that has to accept. */
  private List<TaskAnswer.Named> accept(Endpoint endpoint, OwnerTasks tasks) {
    Ownership now = Ownership.read(FactReader.latest(endpoint), tasks.contract());
    if (!now.isTwoStep() || eoa) {
      return List.of();
    }
    Route route = safe == null ? ownerRoute(endpoint) : new Route.SafeThroughTimelock(safe, to);
    Proposal proposal =
        new Proposer(endpoint, change.random())
            .propose(route, tasks.accept(to).calls(), ProposalOptions.DEFAULT);
    Path out = change.out().orElse(Path.of("accept.json"));
    ProposalFiles.write(out, proposal);
    change
        .write()
        .people(spec)
        .println(
            "until it accepts, the old owner stays; the acceptance is written to "
                + out
                + ": go on with "
                + (proposal.decided().isPresent() ? "kms gov safe-sign" : "kms gov schedule"));
    return List.of(new TaskAnswer.Named("ACCEPTANCE", out.toString()));
  }

  /** A timelock if it answers like one, else a Safe. */
  private Route ownerRoute(Endpoint endpoint) {
    return Governor.of(endpoint, to) == Governor.TIMELOCK
        ? new Route.Timelock(to)
        : new Route.Safe(to);
  }
}
