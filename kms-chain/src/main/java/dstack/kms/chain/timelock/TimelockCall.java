package dstack.kms.chain.timelock;

import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.Arguments;
import dstack.kms.chain.calldata.Function;
import dstack.kms.chain.calldata.TimelockFunctions;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What calldata asks of a timelock, as far as proposals do. */
public sealed interface TimelockCall {
  /** Schedules an operation. */
  record Schedule(Operation operation, BigInteger delay) implements TimelockCall {}

  /** Executes an operation. */
  record Execute(Operation operation) implements TimelockCall {}

  /** Cancels the operation with the id. */
  record Cancel(Word id) implements TimelockCall {}

  /**
   * The meaning of the calldata; empty if it begins with none of the selectors. What begins so and
   * is not canonical is refused.
   */
  static Optional<TimelockCall> of(Bytes calldata) {
    return Stream.of(
            TimelockFunctions.SCHEDULE,
            TimelockFunctions.SCHEDULE_BATCH,
            TimelockFunctions.EXECUTE,
            TimelockFunctions.EXECUTE_BATCH,
            TimelockFunctions.CANCEL)
        .filter(function -> begins(calldata, function))
        .findFirst()
        .map(function -> read(function, calldata));
  }

  private static boolean begins(Bytes calldata, Function function) {
    return calldata.length() >= 4 && calldata.slice(0, 4).equals(function.signature().selector());
  }

  private static TimelockCall read(Function function, Bytes calldata) {
    Arguments values =
        new Arguments(function.signature().decodeArguments(calldata.slice(4, calldata.length())));
    if (function.equals(TimelockFunctions.SCHEDULE)) {
      return new Schedule(single(values), values.number(5));
    }
    if (function.equals(TimelockFunctions.SCHEDULE_BATCH)) {
      return new Schedule(batch(values), values.number(5));
    }
    if (function.equals(TimelockFunctions.EXECUTE)) {
      return new Execute(single(values));
    }
    return function.equals(TimelockFunctions.EXECUTE_BATCH)
        ? new Execute(batch(values))
        : new Cancel(values.word(0));
  }

  private static Operation single(Arguments values) {
    Call call = new Call(values.account(0), values.number(1), values.data(2));
    return new Operation(List.of(call), Operation.Form.SINGLE, values.word(3), values.word(4));
  }

  private static Operation batch(Arguments values) {
    Arguments targets = values.items(0);
    Arguments amounts = values.items(1);
    Arguments payloads = values.items(2);
    int count = targets.values().size();
    if (amounts.values().size() != count || payloads.values().size() != count) {
      throw new RefusalException(
          TimelockRefusal.OPERATION, "a batch with lists of different lengths");
    }
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(new Call(targets.account(i), amounts.number(i), payloads.data(i)));
    }
    return new Operation(calls, Operation.Form.BATCH, values.word(3), values.word(4));
  }
}
