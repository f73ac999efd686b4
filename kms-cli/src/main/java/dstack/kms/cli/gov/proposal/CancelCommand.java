package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.ProposalChecks;
import dstack.kms.chain.proposal.SafeStep;
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

/** Gives an operation up that was scheduled and not executed. */
@Command(name = "cancel", description = "Cancels a scheduled proposal at its timelock.")
public final class CancelCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProposalArgument argument;
  @Mixin private StepOptions step;
  @Mixin private final TransactionOptions transactions;

  /** A command over these variables that asks at this terminal. */
  public CancelCommand(Map<String, String> variables, Terminal terminal) {
    transactions = new TransactionOptions(variables, terminal);
  }

  @Override
  public Integer call() {
    Proposal proposal = argument.proposal();
    transactions.connect(spec, endpoint -> cancel(endpoint, proposal));
    return ExitStatus.DONE.number();
  }

  private ExitStatus cancel(Endpoint endpoint, Proposal proposal) {
    PrintWriter out = spec.commandLine().getOut();
    ProposalLines.what(proposal, out);
    if (step.isBySafe()) {
      step.write(endpoint, proposal, argument.path(), SafeStep.CANCEL, out);
      return ExitStatus.DONE;
    }
    transactions
        .make(
            spec,
            endpoint,
            account -> new ProposalChecks(endpoint).cancellable(proposal, account),
            _ -> proposal.requireTimelock().cancel(proposal.calls()))
        .ifPresent(receipt -> out.println("cancelled by " + receipt.hash()));
    return ExitStatus.DONE;
  }
}
