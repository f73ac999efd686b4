package dstack.kms.chain.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.Signature;
import dstack.kms.chain.contract.ContractArtifact;
import dstack.kms.chain.contract.KnownCode;
import dstack.kms.chain.contract.OwnContract;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.timelock.TimelockReader;
import dstack.kms.chain.timelock.TimelockRefusal;
import dstack.kms.chain.timelock.TimelockRole;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;

/**
 * A timelock that is to be made. Nobody is its admin but itself: roles change by operations of its
 * own, after its delay.
 *
 * @param minDelay the least delay, in seconds
 * @param proposers who may schedule and cancel; at least one
 * @param executors who may execute; address zero for everybody
 */
public record TimelockSetup(BigInteger minDelay, List<Address> proposers, List<Address> executors) {
  private static final Signature CONSTRUCTOR =
      Signature.parse(
          "constructor(uint256 minDelay, address[] proposers, address[] executors, address admin)");

  /** Refuses a timelock at which nothing could be scheduled or executed, or anybody scheduled. */
  public TimelockSetup {
    proposers = List.copyOf(proposers);
    executors = List.copyOf(executors);
    if (minDelay.signum() < 0 || minDelay.bitLength() > 40) {
      throw refusal("the least delay is a number of seconds");
    }
    if (proposers.isEmpty() || executors.isEmpty()) {
      throw refusal("a timelock needs a proposer and an executor (address zero: everybody)");
    }
    if (proposers.contains(Address.ZERO)) {
      throw refusal("with address zero as proposer, everybody could change the policy");
    }
  }

  private static RefusalException refusal(String text) {
    return new RefusalException(TimelockRefusal.CONTRACT, text);
  }

  /** What deploys it. */
  public Bytes deployment() {
    return ContractArtifact.of(OwnContract.TIMELOCK_CONTROLLER)
        .deployment(
            CONSTRUCTOR.encodeArguments(
                AbiValue.of(minDelay),
                AbiValue.of(proposers.stream().map(AbiValue::of).toList()),
                AbiValue.of(executors.stream().map(AbiValue::of).toList()),
                AbiValue.of(Address.ZERO)));
  }

  /** Refuses a contract that is not exactly this, or that the deployer still rules. */
  public void requireAt(Endpoint endpoint, Address timelock, Address deployer) {
    TimelockReader reader = new TimelockReader(endpoint, timelock);
    Word code = new Word(Keccak.keccak256(endpoint.code(timelock)));
    boolean same =
        KnownCode.ofThisProgram().isCodeOf(OwnContract.TIMELOCK_CONTROLLER, timelock, code)
            && reader.minDelay().equals(minDelay)
            && have(reader, TimelockRole.PROPOSER, proposers)
            && have(reader, TimelockRole.CANCELLER, proposers)
            && have(reader, TimelockRole.EXECUTOR, executors)
            && have(reader, TimelockRole.DEFAULT_ADMIN, List.of(timelock));
    boolean ruled =
        Stream.of(deployer, Address.ZERO)
            .anyMatch(account -> reader.has(TimelockRole.DEFAULT_ADMIN, account));
    if (!same || ruled) {
      throw refusal("the timelock at " + timelock + " is not the one that was asked for");
    }
  }

  private static boolean have(TimelockReader reader, TimelockRole role, List<Address> accounts) {
    return accounts.stream().allMatch(account -> reader.has(role, account));
  }
}
