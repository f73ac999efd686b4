package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.SafePart;
import dstack.kms.cli.outcome.ExitStatus;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints what the owners of a Safe sign; asks no chain. */
@Command(
    name = "safe-hash",
    description =
        "Prints the hash that a Safe's owners sign, its domain, and the JSON for hardware wallets.")
public final class SafeHashCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProposalArgument argument;

  @Option(names = "--json", description = "Print the EIP-712 JSON alone.")
  private boolean json;

  @Override
  public Integer call() {
    Proposal proposal = argument.proposal();
    SafePart part = proposal.requireSafe();
    PrintWriter out = spec.commandLine().getOut();
    String typed = part.transaction(proposal).typedData(part.domain(proposal.chainId()));
    if (json) {
      out.println(typed);
      return ExitStatus.DONE.number();
    }
    ProposalLines.what(proposal, out);
    out.println("domain separator " + part.domain(proposal.chainId()).separator());
    out.println("safeTxHash " + ProposalLines.hash(proposal, part));
    out.println(typed);
    return ExitStatus.DONE.number();
  }
}
