package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.ProposalChecks;
import dstack.kms.chain.proposal.SafeGathering;
import dstack.kms.chain.safe.SafeReader;
import dstack.kms.chain.timelock.OperationState;
import dstack.kms.chain.timelock.TimelockReader;
import dstack.kms.cli.gov.option.ChainOptions;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what a proposal does, where it stands and what comes next. */
@Command(
    name = "status",
    description = "Shows what a proposal, or an operation of a timelock, does and where it stands.")
public final class ProposalStatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ChainOptions chain;
  @Mixin private OperationArgument argument;

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  /** A command over these variables. */
  public ProposalStatusCommand(Map<String, String> variables) {
    chain = new ChainOptions(variables);
  }

  @Override
  public Integer call() {
    return argument.choose(spec, (proposal, _) -> status(proposal), this::status);
  }

  private int status(Proposal proposal) {
    return chain.connect(
        spec,
        endpoint -> {
          new ProposalChecks(endpoint).requireChain(proposal);
          if (json) {
            spec.commandLine().getOut().println(JsonText.of(answer(endpoint, proposal)));
          } else {
            show(endpoint, proposal, spec.commandLine().getOut());
          }
          return ExitStatus.DONE.number();
        });
  }

  private int status(ScheduledOperation operation) {
    return chain.connect(
        spec,
        endpoint -> {
          if (json) {
            spec.commandLine().getOut().println(JsonText.of(operation.answer(endpoint)));
          } else {
            operation.show(endpoint, spec.commandLine().getOut());
          }
          return ExitStatus.DONE.number();
        });
  }

  private static void show(Endpoint endpoint, Proposal proposal, PrintWriter out) {
    ProposalLines.what(proposal, out);
    proposal
        .delayed()
        .ifPresent(
            part ->
                ProposalLines.state(
                    new TimelockReader(endpoint, part.address()),
                    part.operation(proposal.calls()).id(),
                    out));
    proposal
        .decided()
        .ifPresent(
            part -> {
              if (new SafeReader(endpoint, part.address()).nonce().compareTo(part.nonce()) > 0) {
                out.println("the Safe is past this nonce: the step was taken or replaced");
              } else {
                ProposalLines.signatures(new SafeGathering(endpoint).gathered(proposal), out);
              }
            });
  }

  private static Map<String, Object> answer(Endpoint endpoint, Proposal proposal) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("chain_id", proposal.chainId());
    answer.put("text", proposal.text());
    proposal
        .delayed()
        .ifPresent(
            part -> {
              Word id = part.operation(proposal.calls()).id();
              TimelockReader timelock = new TimelockReader(endpoint, part.address());
              OperationState state = timelock.state(id);
              answer.put("id", id.text());
              answer.put("state", state.name());
              answer.put("ready_at", timelock.readyAt(id).map(Instant::toString).orElse(""));
            });
    proposal
        .decided()
        .ifPresent(
            part -> {
              answer.put("safe_tx_hash", ProposalLines.hash(proposal, part).text());
              part.delegate(proposal).ifPresent(code -> answer.put("delegate_call", code));
              answer.put("safe_nonce", new SafeReader(endpoint, part.address()).nonce());
              answer.put("nonce", part.nonce());
              answer.put("signatures", part.signatures().size());
            });
    return answer;
  }
}
