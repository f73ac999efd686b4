package dstack.kms.chain.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.Route;
import dstack.kms.chain.safe.SafeAddresses;
import dstack.kms.chain.safe.SafeReader;
import dstack.kms.chain.safe.SafeVersion;
import dstack.kms.chain.timelock.Operation;
import dstack.kms.chain.timelock.TimelockReader;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes proposals out of calls. What it makes is not checked against the chain yet. */
public final class Proposer {
  private final Endpoint endpoint;
  private final SecureRandom random;

  /** Proposes on the endpoint's chain. */
  public Proposer(Endpoint endpoint, SecureRandom random) {
    this.endpoint = endpoint;
    this.random = random;
  }

  /** The calls by that route; refused for a route that makes them at once. */
  public Proposal propose(Route route, List<Call> calls, ProposalOptions options) {
    BigInteger chain = BigInteger.valueOf(endpoint.chainId());
    return switch (route) {
      case Route.Direct _ ->
          throw ProposalRefusal.MODEL.because(
              "a proposal goes through a timelock or a Safe: give --timelock, --safe or both");
      case Route.Timelock(Address timelock) ->
          new Proposal(chain, calls, delayed(timelock, calls, options), null);
      case Route.Safe(Address safe) ->
          new Proposal(chain, calls, null, decided(safe, SafeStep.CALL, calls, options));
      case Route.SafeThroughTimelock(Address safe, Address timelock) ->
          new Proposal(
              chain,
              calls,
              delayed(timelock, calls, options),
              decided(safe, SafeStep.SCHEDULE, calls, options));
    };
  }

  /** The same proposal with the transaction by which a Safe takes another step. */
  public Proposal step(Proposal proposal, Address safe, SafeStep step, ProposalOptions options) {
    return proposal.with(decided(safe, step, proposal.calls(), options));
  }

  private TimelockPart delayed(Address timelock, List<Call> calls, ProposalOptions options) {
    boolean batch = options.batch() || calls.size() > 1;
    return new TimelockPart(
        timelock,
        batch ? Operation.Form.BATCH : Operation.Form.SINGLE,
        options.predecessor(),
        options.salt().orElseGet(() -> TimelockPart.freshSalt(random)),
        options.delay().orElseGet(() -> new TimelockReader(endpoint, timelock).minDelay()));
  }

  private SafePart decided(
      Address address, SafeStep step, List<Call> calls, ProposalOptions options) {
    SafeReader safe = new SafeReader(endpoint, address);
    SafeVersion version = safe.requireVersion();
    @Nullable Address multiSend =
        step == SafeStep.CALL && calls.size() > 1
            ? options.multiSend().orElseGet(() -> SafeAddresses.canonical(version).multiSend())
            : null;
    BigInteger nonce = options.nonce().orElseGet(safe::nonce);
    return new SafePart(address, nonce, step, multiSend, List.of());
  }
}
