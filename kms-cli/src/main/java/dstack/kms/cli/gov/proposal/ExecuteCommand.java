package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.operation.Retry;
import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.ProposalChecks;
import dstack.kms.chain.proposal.SafeStep;
import dstack.kms.chain.proposal.TimelockPart;
import dstack.kms.chain.timelock.OperationState;
import dstack.kms.chain.timelock.TimelockReader;
import dstack.kms.chain.timelock.TimelockRefusal;
import dstack.kms.chain.transaction.Patience;
import dstack.kms.chain.transaction.Pause;
import dstack.kms.chain.transaction.Receipt;
import dstack.kms.cli.gov.option.Terminal;
import dstack.kms.cli.gov.option.TransactionOptions;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Executes an operation whose delay is over. */
@Command(
    name = "execute",
    description =
        "Executes a scheduled operation, known by its proposal or its id, at its timelock once its"
            + " delay is over.")
public final class ExecuteCommand implements Callable<Integer> {
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  @Spec private CommandSpec spec;
  @Mixin private OperationArgument argument;
  @Mixin private StepOptions step;
  @Mixin private final TransactionOptions transactions;

  @Option(names = "--wait", description = "Wait until the delay is over.")
  private boolean wait;

  private final Pause pause;

  /** A command over these variables that asks at this terminal. */
  public ExecuteCommand(Map<String, String> variables, Terminal terminal) {
    transactions = new TransactionOptions(variables, terminal);
    pause = Pause.REAL;
  }

  @Override
  public Integer call() {
    return argument.choose(
        spec,
        (proposal, file) ->
            transactions.connect(
                spec,
                endpoint ->
                    execute(endpoint, proposal, StepOptions.beside(file, SafeStep.EXECUTE))),
        operation ->
            transactions.connect(
                spec,
                endpoint ->
                    execute(
                        endpoint,
                        operation.proposal(spec, endpoint),
                        operation.file(SafeStep.EXECUTE))));
  }

  private int execute(Endpoint endpoint, Proposal proposal, Path usual) {
    PrintWriter out = spec.commandLine().getOut();
    ProposalLines.what(proposal, out);
    new ProposalChecks(endpoint).requireChain(proposal);
    TimelockPart part = proposal.requireTimelock();
    TimelockReader timelock = new TimelockReader(endpoint, part.address());
    Word id = part.operation(proposal.calls()).id();
    if (wait) {
      await(timelock, id);
    }
    if (step.isBySafe()) {
      step.write(
          endpoint,
          step.taken(endpoint, proposal, SafeStep.EXECUTE),
          usual,
          transactions.sending().isDryRun(),
          out);
      return ExitStatus.DONE.number();
    }
    transactions
        .make(
            spec,
            endpoint,
            account -> new ProposalChecks(endpoint).executable(proposal, account),
            _ -> part.execute(proposal.calls()))
        .ifPresent(
            receipt -> {
              requireDone(timelock, id, receipt, out);
              ProposalLines.apps(receipt, proposal, out);
            });
    return ExitStatus.DONE.number();
  }

  private void requireDone(TimelockReader timelock, Word id, Receipt receipt, PrintWriter out) {
    // An endpoint may know the new state late.
    Optional<OperationState> done =
        new Retry(Patience.USUAL, pause)
            .first(() -> Optional.of(timelock.state(id)).filter(OperationState.DONE::equals));
    if (done.isEmpty()) {
      throw new RefusalException(
          TimelockRefusal.STATE,
          "the transaction " + receipt.hash() + " was made, and the operation is not done");
    }
    out.println("executed by " + receipt.hash());
  }

  /** An endpoint that does not answer for a while does not end the wait. */
  private void await(TimelockReader timelock, Word id) {
    PrintWriter err = spec.commandLine().getErr();
    while (!Thread.currentThread().isInterrupted()) {
      Duration left = LONGEST_PAUSE;
      try {
        if (timelock.state(id) != OperationState.WAITING) {
          return;
        }
        Optional<Instant> ready = timelock.readyAt(id);
        left = ready.map(at -> Duration.between(timelock.now(), at)).orElse(LONGEST_PAUSE);
        err.println(
            "waiting until "
                + ready.map(Instant::toString).orElse("it is ready")
                + ", "
                + left.toSeconds()
                + " s by the chain's clock");
      } catch (RefusalException e) {
        if (e.code().kind() != RefusalKind.UNAVAILABLE) {
          throw e;
        }
        err.println("still waiting: " + e.text());
      }
      pause.lasting(shorter(left.plusSeconds(1)));
    }
  }

  private static Duration shorter(Duration left) {
    Duration positive = left.isPositive() ? left : Duration.ofSeconds(1);
    return positive.compareTo(LONGEST_PAUSE) < 0 ? positive : LONGEST_PAUSE;
  }
}
