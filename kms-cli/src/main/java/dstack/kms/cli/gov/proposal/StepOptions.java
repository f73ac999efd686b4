package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.ProposalChecks;
import dstack.kms.chain.proposal.ProposalOptions;
import dstack.kms.chain.proposal.Proposer;
import dstack.kms.chain.proposal.SafeStep;
import dstack.kms.cli.gov.option.AddressText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether a Safe takes a step at the timelock rather than the account that runs the command. */
final class StepOptions {
  @Option(
      names = "--safe",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "Let this Safe do it: writes the file that its owners sign.")
  private @Nullable Address safe;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "Where that file goes; by default FILE with the step before .json.")
  private @Nullable Path out;

  boolean isBySafe() {
    return safe != null;
  }

  void write(Endpoint endpoint, Proposal proposal, Path from, SafeStep step, PrintWriter printer) {
    Address chosen = Objects.requireNonNull(safe);
    Proposal next =
        new Proposer(endpoint, new SecureRandom())
            .step(proposal, chosen, step, ProposalOptions.DEFAULT);
    new ProposalChecks(endpoint).requireStep(next);
    Path path = out == null ? beside(from, step) : out;
    ProposalFiles.write(path, next);
    printer.println("Safe transaction " + ProposalLines.hash(next, next.requireSafe()));
    printer.println("written to " + path + ": its owners sign it with kms gov safe-sign");
  }

  private static Path beside(Path from, SafeStep step) {
    String name = from.getFileName().toString();
    String stem = name.endsWith(".json") ? name.substring(0, name.length() - 5) : name;
    return from.resolveSibling(stem + "." + step.word() + ".json");
  }
}
