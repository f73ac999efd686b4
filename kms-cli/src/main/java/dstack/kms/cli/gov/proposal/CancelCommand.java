package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.ProposalChecks;
import dstack.kms.chain.proposal.SafeStep;
import dstack.kms.cli.gov.option.Terminal;
import dstack.kms.cli.gov.option.TransactionOptions;
import dstack.kms.cli.outcome.ExitStatus;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Gives an operation up that was scheduled and not executed. */
@Command(
    name = "cancel",
    description =
        "Cancels a scheduled operation, known by its proposal or its id, at its timelock.")
public final class CancelCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private OperationArgument argument;
  @Mixin private StepOptions step;
  @Mixin private final TransactionOptions transactions;

  /** A command over these variables that asks at this terminal. */
  public CancelCommand(Map<String, String> variables, Terminal terminal) {
    transactions = new TransactionOptions(variables, terminal);
  }

  @Override
  public Integer call() {
    return argument.choose(spec, this::cancel, this::cancel);
  }

  private int cancel(Proposal proposal, Path file) {
    PrintWriter out = spec.commandLine().getOut();
    ProposalLines.what(proposal, out);
    return transactions.connect(
        spec,
        endpoint -> {
          if (step.isBySafe()) {
            Path usual = StepOptions.beside(file, SafeStep.CANCEL);
            return bySafe(endpoint, step.taken(endpoint, proposal, SafeStep.CANCEL), usual);
          }
          return send(
              endpoint,
              account -> new ProposalChecks(endpoint).cancellable(proposal, account),
              proposal.requireTimelock().cancel(proposal.calls()));
        });
  }

  private int cancel(ScheduledOperation operation) {
    PrintWriter out = spec.commandLine().getOut();
    return transactions.connect(
        spec,
        endpoint -> {
          operation.show(endpoint, out);
          if (step.isBySafe()) {
            new ProposalChecks(endpoint)
                .cancellable(operation.timelock(), operation.id(), step.safe());
            Path usual = operation.file(SafeStep.CANCEL);
            return bySafe(endpoint, step.made(endpoint, operation.cancel()), usual);
          }
          return send(
              endpoint,
              account ->
                  new ProposalChecks(endpoint)
                      .cancellable(operation.timelock(), operation.id(), account),
              operation.cancel());
        });
  }

  private int bySafe(Endpoint endpoint, Proposal next, Path usual) {
    PrintWriter out = spec.commandLine().getOut();
    step.write(endpoint, next, usual, transactions.sending().isDryRun(), out);
    return ExitStatus.DONE.number();
  }

  private int send(Endpoint endpoint, Function<Address, Call> checked, Call plain) {
    PrintWriter out = spec.commandLine().getOut();
    transactions
        .make(spec, endpoint, checked, _ -> plain)
        .ifPresent(receipt -> out.println("cancelled by " + receipt.hash()));
    return ExitStatus.DONE.number();
  }
}
