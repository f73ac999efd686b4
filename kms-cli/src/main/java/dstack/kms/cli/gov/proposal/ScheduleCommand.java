package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.ProposalChecks;
import dstack.kms.chain.proposal.TimelockPart;
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

/** Schedules a proposal that was only written before. */
@Command(
    name = "schedule",
    description = "Schedules a proposal at its timelock, by an account that is a proposer there.")
public final class ScheduleCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProposalArgument argument;
  @Mixin private final TransactionOptions transactions;

  /** A command over these variables that asks at this terminal. */
  public ScheduleCommand(Map<String, String> variables, Terminal terminal) {
    transactions = new TransactionOptions(variables, terminal);
  }

  @Override
  public Integer call() {
    Proposal proposal = argument.proposal();
    transactions.connect(spec, endpoint -> schedule(endpoint, proposal));
    return ExitStatus.DONE.number();
  }

  private ExitStatus schedule(Endpoint endpoint, Proposal proposal) {
    PrintWriter out = spec.commandLine().getOut();
    ProposalLines.what(proposal, out);
    TimelockPart part = proposal.requireTimelock();
    transactions
        .make(
            spec,
            endpoint,
            account -> new ProposalChecks(endpoint).schedulable(proposal, account),
            _ -> part.schedule(proposal.calls()))
        .ifPresent(receipt -> scheduled(endpoint, proposal, receipt, out));
    return ExitStatus.DONE;
  }

  private static void scheduled(
      Endpoint endpoint, Proposal proposal, Receipt receipt, PrintWriter out) {
    out.println("scheduled by " + receipt.hash());
    TimelockPart part = proposal.requireTimelock();
    ProposalLines.state(
        new TimelockReader(endpoint, part.address()), part.operation(proposal.calls()).id(), out);
  }
}
