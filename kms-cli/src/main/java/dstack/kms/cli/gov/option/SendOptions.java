package dstack.kms.cli.gov.option;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.operation.DirectExecution;
import dstack.kms.chain.transaction.Budget;
import dstack.kms.chain.transaction.Ether;
import dstack.kms.chain.transaction.Patience;
import dstack.kms.chain.transaction.Request;
import dstack.kms.chain.transaction.Sender;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How far to go, and how long to wait. */
public final class SendOptions {
  /** What is said at the end of a dry run. */
  public static final String NOTHING_SENT =
      "Dry run: the simulation went through, and nothing was sent.";

  @Option(names = "--dry-run", description = "Show and simulate everything; send nothing.")
  private boolean dryRun;

  @Mixin private final Consent consent;

  @Option(
      names = "--confirmations",
      paramLabel = "N",
      defaultValue = "1",
      description = "Blocks that a transaction must be deep in the chain; by default 1.")
  private int confirmations;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "How long to wait for each transaction; by default ${DEFAULT-VALUE}.")
  private int timeout;

  @Option(
      names = "--resume",
      paramLabel = "HASH",
      converter = WordText.class,
      description = "Wait for this transaction of an earlier run instead of sending it anew.")
  private @Nullable Word resume;

  @Option(
      names = "--speed-up",
      description = "With --resume: send it again in its place for a quarter more.")
  private boolean speedUp;

  @Option(
      names = "--max-cost",
      paramLabel = "ETH",
      description = "All transactions together never cost more; by default 0.1.")
  private @Nullable BigDecimal maxCost;

  /** Asks at this terminal. */
  public SendOptions(Terminal terminal) {
    consent = new Consent(terminal);
  }

  /** Whether nothing is sent. */
  public boolean isDryRun() {
    return dryRun;
  }

  /** What the transactions of the command may cost together. */
  public Budget budget(CommandSpec spec) {
    if (maxCost == null) {
      return new Budget(Budget.USUAL);
    }
    if (maxCost.signum() <= 0 || maxCost.precision() > 40 || Math.abs(maxCost.scale()) > 18) {
      throw new ParameterException(
          spec.commandLine(), "--max-cost is an amount of ether above 0, at most 18 decimals");
    }
    return new Budget(maxCost.movePointRight(18).toBigIntegerExact());
  }

  /** How long and how often to look. */
  public Patience patience(CommandSpec spec) {
    if (confirmations < 1 || timeout < 1) {
      throw new ParameterException(
          spec.commandLine(), "--confirmations and --timeout are at least 1");
    }
    return Patience.USUAL.with(confirmations, Duration.ofSeconds(timeout));
  }

  /** What an earlier run sent, if the command goes on with it. */
  public Optional<DirectExecution.Resumption> resumption(CommandSpec spec) {
    if (speedUp && resume == null) {
      throw new ParameterException(spec.commandLine(), "--speed-up needs --resume HASH");
    }
    return Optional.ofNullable(resume).map(hash -> new DirectExecution.Resumption(hash, speedUp));
  }

  /**
   * Returns only if somebody agreed to what it may cost; the sender signs for no more afterwards.
   *
   * @param question without its mark
   * @return the most in wei
   */
  public BigInteger requireConsent(
      CommandSpec spec, String question, Sender sender, List<Request> requests) {
    BigInteger most =
        resumption(spec).isPresent() || requests.isEmpty()
            ? sender.limit()
            : sender.limitTo(requests);
    requireConsent(spec, question + ", for at most " + Ether.text(most) + " in all?");
    return most;
  }

  /** Returns only if somebody agreed. */
  public void requireConsent(CommandSpec spec, String question) {
    consent.require(spec, question, "nothing was sent", "--dry-run to only look");
  }
}
