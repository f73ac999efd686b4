package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.account.Call;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.ProposalChecks;
import dstack.kms.chain.proposal.SafeStep;
import dstack.kms.chain.transaction.Receipt;
import dstack.kms.chain.transaction.Request;
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
  @Mixin private ChainOption chain;
  @Mixin private ProposalArgument argument;
  @Mixin private StepOptions step;
  @Mixin private final KeyOptions keys;

  /** A command over these variables. */
  public CancelCommand(Map<String, String> variables) {
    keys = new KeyOptions(variables);
  }

  @Override
  public Integer call() {
    Proposal proposal = argument.proposal();
    chain.ask(endpoint -> cancel(endpoint, proposal));
    return ExitStatus.DONE.number();
  }

  private ExitStatus cancel(Endpoint endpoint, Proposal proposal) {
    PrintWriter out = spec.commandLine().getOut();
    ProposalLines.what(proposal, out);
    if (step.isBySafe()) {
      step.write(endpoint, proposal, argument.path(), SafeStep.CANCEL, out);
      return ExitStatus.DONE;
    }
    Receipt receipt =
        keys.send(
            spec,
            endpoint,
            sender -> {
              Call call = new ProposalChecks(endpoint).cancellable(proposal, sender.account());
              return sender.send(Request.of(call));
            });
    out.println("cancelled by " + receipt.hash());
    return ExitStatus.DONE;
  }
}
