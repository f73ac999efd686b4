package dstack.kms.cli.gov.option;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.governance.Route;
import dstack.kms.chain.proposal.ProposalOptions;
import java.math.BigInteger;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** By which of the models B and C a change is made, and what its proposer chooses. */
public final class ModelOptions {
  @Option(
      names = "--timelock",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "The TimelockController that owns the contract (model B).")
  private @Nullable Address timelock;

  @Option(
      names = "--safe",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description =
          "The Safe that decides; with --timelock it schedules there (model C), alone it is the"
              + " owner.")
  private @Nullable Address safe;

  @Option(
      names = "--salt",
      paramLabel = "WORD",
      converter = WordText.class,
      description = "Tells the operation apart from others; by default random.")
  private @Nullable Word salt;

  @Option(
      names = "--predecessor",
      paramLabel = "ID",
      converter = WordText.class,
      description = "The operation that must be executed before.")
  private @Nullable Word predecessor;

  @Option(
      names = "--delay",
      paramLabel = "SECONDS",
      description = "By default the least that the timelock takes.")
  private @Nullable BigInteger delay;

  @Option(
      names = "--batch",
      description = "Make a batch even of one call; several calls always are one.")
  private boolean batch;

  @Option(
      names = "--nonce",
      paramLabel = "N",
      description = "The Safe's nonce; by default its next one.")
  private @Nullable BigInteger nonce;

  @Option(
      names = "--multi-send",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "MultiSendCallOnly, where it does not lie at its canonical address.")
  private @Nullable Address multiSend;

  /**
   * The route of a model; empty if an account is to send by itself. What only proposals have is
   * wrong usage without one: a change that was meant to wait must not be made at once.
   */
  public Optional<Route> route(CommandSpec spec) {
    if (timelock == null && safe == null) {
      if (batch) {
        throw new ParameterException(
            spec.commandLine(),
            "--batch makes one proposal of several changes, and an account makes each by a"
                + " transaction of its own: give the changes to kms gov propose, with --timelock,"
                + " --safe or both");
      }
      if (!options().equals(ProposalOptions.DEFAULT)) {
        throw new ParameterException(
            spec.commandLine(),
            "--salt, --predecessor, --delay, --nonce and --multi-send are of a proposal:"
                + " give --timelock, --safe or both");
      }
      return Optional.empty();
    }
    if (timelock == null) {
      return Optional.of(new Route.Safe(Objects.requireNonNull(safe)));
    }
    return Optional.of(
        safe == null
            ? new Route.Timelock(timelock)
            : new Route.SafeThroughTimelock(safe, timelock));
  }

  /** What the proposer chooses. */
  public ProposalOptions options() {
    return new ProposalOptions(
        Optional.ofNullable(salt),
        predecessor == null ? Word.ZERO : predecessor,
        Optional.ofNullable(delay),
        batch,
        Optional.ofNullable(nonce),
        Optional.ofNullable(multiSend));
  }
}
