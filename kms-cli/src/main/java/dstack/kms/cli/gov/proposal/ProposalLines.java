package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.operation.CreatedApp;
import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.SafeGathering.Gathered;
import dstack.kms.chain.proposal.SafePart;
import dstack.kms.chain.proposal.TimelockPart;
import dstack.kms.chain.timelock.OperationState;
import dstack.kms.chain.timelock.TimelockReader;
import dstack.kms.chain.timelock.TimelockRole;
import dstack.kms.chain.transaction.Receipt;
import java.io.PrintWriter;
import java.util.List;

/** Proposals for people. */
public final class ProposalLines {
  private ProposalLines() {}

  /** What it does, from its bytes, and how. */
  public static void what(Proposal proposal, PrintWriter out) {
    out.println("chain " + proposal.chainId());
    proposal.text().forEach(line -> out.println("  " + line));
    proposal.delayed().ifPresent(part -> timelock(proposal, part, out));
    proposal.decided().ifPresent(part -> safe(proposal, part, out));
  }

  private static void timelock(Proposal proposal, TimelockPart part, PrintWriter out) {
    out.println("timelock " + part.address() + ", delay " + part.delay() + " s");
    if (!part.predecessor().isZero()) {
      out.println("after " + part.predecessor());
    }
    out.println("operation " + part.operation(proposal.calls()).id());
  }

  private static void safe(Proposal proposal, SafePart part, PrintWriter out) {
    out.println(
        "Safe " + part.address() + ", nonce " + part.nonce() + ", step " + part.step().word());
    part.delegation(proposal).ifPresent(out::println);
    out.println("Safe transaction " + hash(proposal, part));
  }

  /** What the owners of its Safe sign. */
  public static Word hash(Proposal proposal, SafePart part) {
    return part.transaction(proposal).hash(part.domain(proposal.chainId()));
  }

  /** Where the operation stands and who may execute it. */
  public static void state(TimelockReader timelock, Word id, PrintWriter out) {
    OperationState state = timelock.state(id);
    out.println("state " + state + ": " + state.words());
    timelock.readyAt(id).ifPresent(at -> out.println("ready at " + at + " (UTC)"));
    boolean open = timelock.lets(Address.ZERO, TimelockRole.EXECUTOR);
    out.println("may be executed by " + (open ? "anybody" : "holders of EXECUTOR (kms gov audit)"));
  }

  /** Which apps its calls created. */
  static void apps(Receipt receipt, Proposal proposal, PrintWriter out) {
    CreatedApp.of(receipt, proposal.calls())
        .forEach(app -> out.println("APP_ID=" + app.checksummed()));
  }

  /** Who signed and how many are missing. */
  static void signatures(Gathered gathered, PrintWriter out) {
    List<String> owners =
        gathered.signatures().stream().map(each -> each.owner().checksummed()).toList();
    out.println(
        "signed by "
            + (owners.isEmpty() ? "nobody" : String.join(", ", owners))
            + "; "
            + gathered.threshold()
            + " of "
            + gathered.owners().size()
            + " decide, "
            + gathered.missing()
            + " missing");
  }
}
