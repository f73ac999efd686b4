package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.SafeGathering;
import dstack.kms.chain.proposal.SafePart;
import dstack.kms.chain.proposal.SafeStep;
import dstack.kms.chain.safe.SafeOutcome;
import dstack.kms.chain.timelock.TimelockReader;
import dstack.kms.chain.transaction.Receipt;
import dstack.kms.cli.gov.option.Terminal;
import dstack.kms.cli.gov.option.TransactionOptions;
import dstack.kms.cli.outcome.ExitStatus;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Executes a Safe's transaction that enough owners have signed. Anybody may do that. */
@Command(
    name = "safe-exec",
    description = "Executes a Safe's transaction that enough of its owners have signed.")
public final class SafeExecCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProposalArgument argument;
  @Mixin private final TransactionOptions transactions;

  /** A command over these variables that asks at this terminal. */
  public SafeExecCommand(Map<String, String> variables, Terminal terminal) {
    transactions = new TransactionOptions(variables, terminal);
  }

  @Override
  public Integer call() {
    Proposal proposal = argument.proposal();
    transactions.connect(spec, endpoint -> execute(endpoint, proposal));
    return ExitStatus.DONE.number();
  }

  private ExitStatus execute(Endpoint endpoint, Proposal proposal) {
    PrintWriter out = spec.commandLine().getOut();
    ProposalLines.what(proposal, out);
    SafePart part = proposal.requireSafe();
    SafeGathering gathering = new SafeGathering(endpoint);
    if (transactions.sending().isDryRun()) {
      gathering.execution(proposal, part.address());
      out.println("the Safe would accept it; nothing was sent");
      return ExitStatus.DONE;
    }
    transactions
        .make(
            spec,
            endpoint,
            account -> gathering.execution(proposal, account),
            _ -> gathering.transaction(proposal))
        .ifPresent(receipt -> requireSuccess(endpoint, proposal, receipt, out));
    return ExitStatus.DONE;
  }

  private static void requireSuccess(
      Endpoint endpoint, Proposal proposal, Receipt receipt, PrintWriter out) {
    SafePart part = proposal.requireSafe();
    Word hash = ProposalLines.hash(proposal, part);
    SafeOutcome.requireSuccess(receipt, part.address(), hash);
    out.println("executed by " + receipt.hash());
    if (part.step() == SafeStep.CALL || part.step() == SafeStep.EXECUTE) {
      ProposalLines.apps(receipt, proposal, out);
    }
    proposal
        .delayed()
        .ifPresent(
            timelock ->
                ProposalLines.state(
                    new TimelockReader(endpoint, timelock.address()),
                    timelock.operation(proposal.calls()).id(),
                    out));
  }
}
