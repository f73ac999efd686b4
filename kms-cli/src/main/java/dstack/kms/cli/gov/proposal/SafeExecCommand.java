package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.SafeGathering;
import dstack.kms.chain.proposal.SafePart;
import dstack.kms.chain.safe.SafeOutcome;
import dstack.kms.chain.timelock.TimelockReader;
import dstack.kms.chain.transaction.Receipt;
import dstack.kms.chain.transaction.Request;
import dstack.kms.cli.outcome.ExitStatus;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Executes a Safe's transaction that enough owners have signed. Anybody may do that. */
@Command(
    name = "safe-exec",
    description = "Executes a Safe's transaction that enough of its owners have signed.")
public final class SafeExecCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ChainOption chain;
  @Mixin private ProposalArgument argument;
  @Mixin private final KeyOptions keys;

  @Option(names = "--dry-run", description = "Check and simulate; send nothing.")
  private boolean dryRun;

  /** A command over these variables. */
  public SafeExecCommand(Map<String, String> variables) {
    keys = new KeyOptions(variables);
  }

  @Override
  public Integer call() {
    Proposal proposal = argument.proposal();
    chain.ask(endpoint -> execute(endpoint, proposal));
    return ExitStatus.DONE.number();
  }

  private ExitStatus execute(Endpoint endpoint, Proposal proposal) {
    PrintWriter out = spec.commandLine().getOut();
    ProposalLines.what(proposal, out);
    SafePart part = proposal.requireSafe();
    SafeGathering gathering = new SafeGathering(endpoint);
    if (dryRun) {
      gathering.execution(proposal, part.address());
      out.println("the Safe would accept it; nothing was sent");
      return ExitStatus.DONE;
    }
    Receipt receipt =
        keys.send(
            spec,
            endpoint,
            sender -> sender.send(Request.of(gathering.execution(proposal, sender.account()))));
    Word hash = ProposalLines.hash(proposal, part);
    SafeOutcome.requireSuccess(receipt, part.address(), hash);
    out.println("executed by " + receipt.hash());
    proposal
        .delayed()
        .ifPresent(
            timelock ->
                ProposalLines.state(
                    new TimelockReader(endpoint, timelock.address()),
                    timelock.operation(proposal.calls()).id(),
                    out));
    return ExitStatus.DONE;
  }
}
