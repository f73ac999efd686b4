package dstack.kms.chain.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.TimelockFunctions;
import dstack.kms.chain.endpoint.CallOutcome;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.safe.KnownSafeCode;
import dstack.kms.chain.timelock.Operation;
import dstack.kms.chain.timelock.OperationState;
import dstack.kms.chain.timelock.TimelockReader;
import dstack.kms.chain.timelock.TimelockRefusal;
import dstack.kms.chain.timelock.TimelockRole;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.EnumSet;
import java.util.Set;

/**
 * Holds a proposal against the chain before anybody signs or sends a step of it. Whoever passes has
 * read everything anew: nothing that a file says is taken over.
 */
public final class ProposalChecks {
  private final Endpoint endpoint;

  /** Checks against the newest block of this endpoint. */
  public ProposalChecks(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** Refuses a proposal that was made for another chain. */
  public void requireChain(Proposal proposal) {
    BigInteger chain = BigInteger.valueOf(endpoint.chainId());
    if (!proposal.chainId().equals(chain)) {
      throw ProposalRefusal.CHAIN.because(
          "the proposal is for chain " + proposal.chainId() + ", and the endpoint serves " + chain);
    }
  }

  /** The call that schedules it, which the account may make now. */
  public Call schedulable(Proposal proposal, Address proposer) {
    requireSchedulable(proposal);
    TimelockPart part = proposal.requireTimelock();
    new TimelockReader(endpoint, part.address()).requireRole(TimelockRole.PROPOSER, proposer);
    return accepted(part.schedule(proposal.calls()), proposer);
  }

  /** Refuses what nobody could schedule now, whatever his role. */
  public void requireSchedulable(Proposal proposal) {
    requireChain(proposal);
    TimelockPart part = proposal.requireTimelock();
    TimelockReader timelock = new TimelockReader(endpoint, part.address());
    Operation operation = part.operation(proposal.calls());
    timelock.requireTargets(operation);
    requireDelay(part, timelock.minDelay());
    timelock.requireSameId(operation);
    requireState(timelock, operation.id(), EnumSet.of(OperationState.UNSET));
    requireKnownPredecessor(timelock, operation);
  }

  /** The call that executes it, which the account may make now. */
  public Call executable(Proposal proposal, Address executor) {
    requireChain(proposal);
    TimelockPart part = proposal.requireTimelock();
    TimelockReader timelock = new TimelockReader(endpoint, part.address());
    Operation operation = part.operation(proposal.calls());
    timelock.requireTargets(operation);
    timelock.requireSameId(operation);
    requireState(timelock, operation.id(), EnumSet.of(OperationState.READY));
    requireDonePredecessor(timelock, operation);
    timelock.requireRole(TimelockRole.EXECUTOR, executor);
    return accepted(part.execute(proposal.calls()), executor);
  }

  /** The call that cancels it, which the account may make now. */
  public Call cancellable(Proposal proposal, Address canceller) {
    requireChain(proposal);
    TimelockPart part = proposal.requireTimelock();
    return cancellable(part.address(), part.operation(proposal.calls()).id(), canceller);
  }

  /** The call that cancels an operation of which the id alone is known; the same rules. */
  public Call cancellable(Address timelock, Word id, Address canceller) {
    TimelockReader reader = new TimelockReader(endpoint, timelock);
    requireState(reader, id, EnumSet.of(OperationState.WAITING, OperationState.READY));
    reader.requireRole(TimelockRole.CANCELLER, canceller);
    return accepted(TimelockFunctions.CANCEL.on(timelock, AbiValue.of(id)), canceller);
  }

  /**
   * Refuses a step that the Safe could not take now, whatever its owners sign. The nonce is not
   * looked at: signatures may be collected for a transaction that comes later.
   */
  public void requireStep(Proposal proposal) {
    SafePart part = proposal.requireSafe();
    switch (part.step()) {
      case SCHEDULE -> schedulable(proposal, part.address());
      case EXECUTE -> executable(proposal, part.address());
      case CANCEL -> cancellable(proposal, part.address());
      case CALL -> requireCallable(proposal, part);
    }
  }

  private void requireCallable(Proposal proposal, SafePart part) {
    requireChain(proposal);
    Address multiSend = part.multiSend();
    if (multiSend != null && proposal.calls().size() > 1) {
      KnownSafeCode.requireMultiSend(endpoint, multiSend);
    }
    for (Call call : proposal.calls()) {
      if (endpoint.code(call.target()).isEmpty()) {
        throw new RefusalException(
            TimelockRefusal.TARGET, "there is no contract at " + call.target() + " on this chain");
      }
      accepted(call, part.address());
    }
  }

  private static void requireDelay(TimelockPart part, BigInteger least) {
    if (part.delay().compareTo(least) < 0) {
      throw new RefusalException(
          TimelockRefusal.DELAY,
          "a delay of "
              + part.delay()
              + " seconds is shorter than the timelock's least, "
              + least
              + ": propose with --delay "
              + least);
    }
  }

  private static void requireState(TimelockReader timelock, Word id, Set<OperationState> wanted) {
    OperationState state = timelock.state(id);
    if (!wanted.contains(state)) {
      String ready = timelock.readyAt(id).map(at -> ", ready at " + at).orElse("");
      throw new RefusalException(
          TimelockRefusal.STATE,
          "the operation " + id + " is " + state.words() + ready + hint(state, wanted));
    }
  }

  private static String hint(OperationState state, Set<OperationState> wanted) {
    if (wanted.contains(OperationState.UNSET)) {
      return ": another salt makes another operation";
    }
    return state == OperationState.WAITING ? ": wait until then" : "";
  }

  private static void requireKnownPredecessor(TimelockReader timelock, Operation operation) {
    if (!operation.predecessor().isZero()
        && timelock.state(operation.predecessor()) == OperationState.UNSET) {
      throw new RefusalException(
          TimelockRefusal.PREDECESSOR,
          "the predecessor "
              + operation.predecessor()
              + " is not scheduled at this timelock, so the operation could not be executed");
    }
  }

  private static void requireDonePredecessor(TimelockReader timelock, Operation operation) {
    Word predecessor = operation.predecessor();
    if (!predecessor.isZero() && timelock.state(predecessor) != OperationState.DONE) {
      throw new RefusalException(
          TimelockRefusal.PREDECESSOR,
          "the operation " + predecessor + " has to be executed before this one");
    }
  }

  /** The contract's own word, which is the last before money is spent. */
  private Call accepted(Call call, Address caller) {
    if (endpoint.simulate(caller, call) instanceof CallOutcome.Reverted(var revert)) {
      throw new RefusalException(
          TimelockRefusal.STATE,
          call.target() + " would refuse the call of " + caller + ": " + revert.words());
    }
    return call;
  }
}
