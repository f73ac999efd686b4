package dstack.kms.chain.timelock;

import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.TimelockFunctions;
import dstack.kms.chain.calldata.View;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/**
 * One operation of a timelock: calls that are made together, once, after a delay.
 *
 * @param calls at least one, made in this order
 * @param form a single call and a batch of that one call are different operations
 * @param predecessor the operation that must be done before; zero for none
 * @param salt tells operations with the same calls apart
 */
public record Operation(List<Call> calls, Form form, Word predecessor, Word salt) {
  /** By which functions of the contract an operation is scheduled and executed. */
  public enum Form {
    /** {@code schedule} and {@code execute}: exactly one call. */
    SINGLE,
    /** {@code scheduleBatch} and {@code executeBatch}: one call or more. */
    BATCH
  }

  /** More calls than fit a block by far. */
  static final int MAX_CALLS = 256;

  /** Refuses a number of calls that does not fit the form. */
  public Operation {
    calls = List.copyOf(calls);
    if (calls.isEmpty() || calls.size() > MAX_CALLS) {
      throw new RefusalException(
          TimelockRefusal.OPERATION, "an operation has 1 to " + MAX_CALLS + " calls");
    }
    if (form == Form.SINGLE && calls.size() != 1) {
      throw new RefusalException(
          TimelockRefusal.OPERATION,
          calls.size() + " calls in one operation are a batch: schedule them as one");
    }
  }

  /** The id under which the contract keeps it: Keccak-256 of everything in it. */
  public Word id() {
    return new Word(Keccak.keccak256(idView().signature().encodeArguments(identity())));
  }

  /** The calldata with which a proposer schedules it. */
  public Bytes schedule(BigInteger delay) {
    AbiValue[] identity = identity();
    AbiValue[] arguments = Arrays.copyOf(identity, identity.length + 1);
    arguments[identity.length] = AbiValue.of(delay);
    return switch (form) {
      case SINGLE -> TimelockFunctions.SCHEDULE.encode(arguments);
      case BATCH -> TimelockFunctions.SCHEDULE_BATCH.encode(arguments);
    };
  }

  /** The calldata with which an executor executes it. */
  public Bytes execute() {
    return switch (form) {
      case SINGLE -> TimelockFunctions.EXECUTE.encode(identity());
      case BATCH -> TimelockFunctions.EXECUTE_BATCH.encode(identity());
    };
  }

  /** The calldata with which a canceller cancels it. */
  public Bytes cancel() {
    return TimelockFunctions.CANCEL.encode(AbiValue.of(id()));
  }

  /** What asks the contract for the id, with {@link #identity()}. */
  View idView() {
    return switch (form) {
      case SINGLE -> TimelockViews.HASH;
      case BATCH -> TimelockViews.HASH_BATCH;
    };
  }

  /** What the executor pays along: the values of all calls, in wei. */
  public BigInteger value() {
    return calls.stream().map(Call::value).reduce(BigInteger.ZERO, BigInteger::add);
  }

  /** Everything that makes it this operation, as arguments. */
  AbiValue[] identity() {
    AbiValue after = AbiValue.of(predecessor);
    AbiValue unique = AbiValue.of(salt);
    return switch (form) {
      case SINGLE -> {
        Call only = calls.getFirst();
        yield new AbiValue[] {
          AbiValue.of(only.target()),
          AbiValue.of(only.value()),
          AbiValue.of(only.data()),
          after,
          unique
        };
      }
      case BATCH ->
          new AbiValue[] {
            AbiValue.of(calls.stream().map(call -> AbiValue.of(call.target())).toList()),
            AbiValue.of(calls.stream().map(call -> AbiValue.of(call.value())).toList()),
            AbiValue.of(calls.stream().map(call -> AbiValue.of(call.data())).toList()),
            after,
            unique
          };
    };
  }
}
