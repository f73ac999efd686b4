package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.TimelockFunctions;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.proposal.AnnouncedProposal;
import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.SafeStep;
import dstack.kms.chain.timelock.TimelockReader;
import dstack.kms.chain.timelock.TimelockRefusal;
import dstack.kms.core.refusal.RefusalException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * An operation of which no file is at hand, only what its timelock knows it by.
 *
 * @param from the block from which on its calls are looked for; absent if they are not
 */
record ScheduledOperation(Address timelock, Word id, OptionalLong from) {
  /** The call that cancels it. */
  Call cancel() {
    return TimelockFunctions.CANCEL.on(timelock, AbiValue.of(id));
  }

  /** The proposal behind it, from the events by which the timelock announced it. */
  Proposal proposal(CommandSpec spec, Endpoint endpoint) {
    if (from.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "an id does not say what the operation calls: give --from-block BLOCK, the block that"
              + " scheduled it or one before, or its proposal's file");
    }
    Governor.requireTimelock(endpoint, timelock);
    return AnnouncedProposal.find(endpoint, timelock, id, from.getAsLong());
  }

  /** A name for the file of a step that is taken at it. */
  Path file(SafeStep step) {
    return Path.of(step.word() + "-" + id.text().substring(2, 10) + ".json");
  }

  void show(Endpoint endpoint, PrintWriter out) {
    Governor.requireTimelock(endpoint, timelock);
    out.println("chain " + endpoint.chainId());
    calls(endpoint).forEach(line -> out.println("  " + line));
    out.println("timelock " + timelock);
    out.println("operation " + id);
    ProposalLines.state(new TimelockReader(endpoint, timelock), id, out);
    out.flush();
  }

  Map<String, Object> answer(Endpoint endpoint) {
    Governor.requireTimelock(endpoint, timelock);
    TimelockReader reader = new TimelockReader(endpoint, timelock);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("chain_id", endpoint.chainId());
    answer.put("text", calls(endpoint));
    answer.put("id", id.text());
    answer.put("state", reader.state(id).name());
    answer.put("ready_at", reader.readyAt(id).map(Instant::toString).orElse(""));
    return answer;
  }

  /**
   * What it calls, from the events by which the timelock announced it; calls that do not make up
   * the id are an endpoint's word alone, which nobody should go by.
   */
  private List<String> calls(Endpoint endpoint) {
    if (from.isEmpty()) {
      return List.of();
    }
    try {
      return AnnouncedProposal.find(endpoint, timelock, id, from.getAsLong()).text();
    } catch (RefusalException e) {
      if (!(e.code() instanceof TimelockRefusal)) {
        throw e;
      }
      return List.of("what it calls is not known: " + e.text());
    }
  }
}
