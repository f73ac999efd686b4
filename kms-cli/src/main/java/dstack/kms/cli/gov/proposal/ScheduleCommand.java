package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.account.Call;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.ProposalChecks;
import dstack.kms.chain.proposal.TimelockPart;
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
import picocli.CommandLine.Spec;

/** Schedules a proposal that was only written before. */
@Command(
    name = "schedule",
    description = "Schedules a proposal at its timelock, by an account that is a proposer there.")
public final class ScheduleCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ChainOption chain;
  @Mixin private ProposalArgument argument;
  @Mixin private final KeyOptions keys;

  /** A command over these variables. */
  public ScheduleCommand(Map<String, String> variables) {
    keys = new KeyOptions(variables);
  }

  @Override
  public Integer call() {
    Proposal proposal = argument.proposal();
    chain.ask(endpoint -> schedule(endpoint, proposal));
    return ExitStatus.DONE.number();
  }

  private ExitStatus schedule(Endpoint endpoint, Proposal proposal) {
    PrintWriter out = spec.commandLine().getOut();
    ProposalLines.what(proposal, out);
    Receipt receipt =
        keys.send(
            spec,
            endpoint,
            sender -> {
              Call call = new ProposalChecks(endpoint).schedulable(proposal, sender.account());
              return sender.send(Request.of(call));
            });
    out.println("scheduled by " + receipt.hash());
    TimelockPart part = proposal.requireTimelock();
    ProposalLines.state(
        new TimelockReader(endpoint, part.address()), part.operation(proposal.calls()).id(), out);
    return ExitStatus.DONE;
  }
}
