package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.Route;
import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.ProposalChecks;
import dstack.kms.chain.proposal.ProposalOptions;
import dstack.kms.chain.proposal.Proposer;
import dstack.kms.chain.proposal.SafeStep;
import dstack.kms.cli.gov.option.AddressText;
import dstack.kms.cli.gov.option.SendOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
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
      description =
          "Where that file goes; by default FILE with the step before .json, or step-ID.json.")
  private @Nullable Path out;

  boolean isBySafe() {
    return safe != null;
  }

  /** The Safe; only asked if one takes the step. */
  Address safe() {
    return Objects.requireNonNull(safe);
  }

  /** The step at the proposal's timelock, as a proposal for the Safe. */
  Proposal taken(Endpoint endpoint, Proposal proposal, SafeStep step) {
    return new Proposer(endpoint, new SecureRandom())
        .step(proposal, safe(), step, ProposalOptions.DEFAULT);
  }

  /** One call that the Safe makes itself. */
  Proposal made(Endpoint endpoint, Call call) {
    return new Proposer(endpoint, new SecureRandom())
        .propose(new Route.Safe(safe()), List.of(call), ProposalOptions.DEFAULT);
  }

  /**
   * Checks the Safe's step and writes it, or in a dry run only says that it could be taken.
   *
   * @param usual where it goes if no file was named
   */
  void write(Endpoint endpoint, Proposal next, Path usual, boolean dryRun, PrintWriter printer) {
    new ProposalChecks(endpoint).requireStep(next);
    if (dryRun) {
      printer.println(SendOptions.NOTHING_SENT);
      return;
    }
    Path path = out == null ? usual : out;
    ProposalFiles.write(path, next);
    printer.println("Safe transaction " + ProposalLines.hash(next, next.requireSafe()));
    printer.println("written to " + path + ": its owners sign it with kms gov safe-sign");
  }

  /** A name beside that of the proposal whose step it is. */
  static Path beside(Path from, SafeStep step) {
    String name = from.getFileName().toString();
    String stem = name.endsWith(".json") ? name.substring(0, name.length() - 5) : name;
    return from.resolveSibling(stem + "." + step.word() + ".json");
  }
}
