package dstack.kms.chain.proposal;

import dstack.kms.chain.account.Call;
import dstack.kms.chain.calldata.CallReading;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Calls that are to be made on one chain, through a timelock, by a Safe, or both.
 *
 * @param chainId the chain
 * @param calls at least one, in their order
 * @param timelock how they are delayed; nothing if the Safe makes them at once
 * @param safe who decides; nothing if an account does
 */
public record Proposal(
    BigInteger chainId,
    List<Call> calls,
    @Nullable TimelockPart timelock,
    @Nullable SafePart safe) {
  /** Refuses a proposal without calls, without both parts, and steps without their timelock. */
  public Proposal {
    calls = List.copyOf(calls);
    if (calls.isEmpty() || chainId.signum() < 1) {
      throw ProposalRefusal.FILE.because("a proposal has a chain and at least one call");
    }
    if (timelock == null && safe == null) {
      throw ProposalRefusal.FILE.because("a proposal has a timelock, a Safe or both");
    }
    if (safe != null && (safe.step() == SafeStep.CALL) == (timelock != null)) {
      throw ProposalRefusal.FILE.because(
          "a Safe schedules, executes or cancels at a timelock, or calls where there is none");
    }
    if (timelock != null) {
      timelock.operation(calls);
    }
  }

  /** The part of the timelock, if there is one. */
  public Optional<TimelockPart> delayed() {
    return Optional.ofNullable(timelock);
  }

  /** The part of the Safe, if there is one. */
  public Optional<SafePart> decided() {
    return Optional.ofNullable(safe);
  }

  /** The timelock's part; refused where there is none. */
  public TimelockPart requireTimelock() {
    return delayed()
        .orElseThrow(() -> ProposalRefusal.MODEL.because("this proposal has no timelock"));
  }

  /** The Safe's part; refused where there is none. */
  public SafePart requireSafe() {
    return decided().orElseThrow(() -> ProposalRefusal.MODEL.because("this proposal has no Safe"));
  }

  /** The same for another Safe transaction, or for one with other signatures. */
  public Proposal with(SafePart other) {
    return new Proposal(chainId, calls, timelock, other);
  }

  /** What the calls do in words, made from the calls themselves. */
  public List<String> text() {
    return calls.stream().flatMap(call -> CallReading.of(call).lines().stream()).toList();
  }
}
