package dstack.kms.chain.calldata;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * The calls that a call carries, and what is alarming about the way it carries them.
 *
 * @param calls in the order in which they are made
 * @param alarms sentences
 */
record InnerCalls(List<Call> calls, List<String> alarms) {
  private static final InnerCalls NONE = new InnerCalls(List.of(), List.of());

  InnerCalls {
    calls = List.copyOf(calls);
    alarms = List.copyOf(alarms);
  }

  /** Of a call of that function; refuses lists that do not fit together. */
  static InnerCalls of(Function function, Arguments arguments, Call call) {
    if (function.equals(TimelockFunctions.SCHEDULE) || function.equals(TimelockFunctions.EXECUTE)) {
      return plain(new Call(arguments.account(0), arguments.number(1), arguments.data(2)));
    }
    if (function.equals(TimelockFunctions.SCHEDULE_BATCH)
        || function.equals(TimelockFunctions.EXECUTE_BATCH)) {
      return batch(arguments);
    }
    if (function.equals(SafeFunctions.EXEC_TRANSACTION)) {
      return safeTransaction(arguments);
    }
    if (function.equals(SafeFunctions.MULTI_SEND)) {
      return MultiSendCalls.read(arguments.data(0));
    }
    if (function.equals(OwnerFunctions.UPGRADE)) {
      return upgrade(arguments, call);
    }
    return function.equals(SafeFunctions.SETUP) ? setup(arguments) : NONE;
  }

  private static InnerCalls plain(Call call) {
    return new InnerCalls(List.of(call), List.of());
  }

  private static InnerCalls batch(Arguments arguments) {
    Arguments targets = arguments.items(0);
    Arguments values = arguments.items(1);
    Arguments payloads = arguments.items(2);
    int count = targets.values().size();
    if (values.values().size() != count || payloads.values().size() != count) {
      throw CalldataRefusal.ENCODING.because("lists of different lengths");
    }
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(new Call(targets.account(i), values.number(i), payloads.data(i)));
    }
    return new InnerCalls(calls, List.of());
  }

  private static InnerCalls safeTransaction(Arguments arguments) {
    Call inner = new Call(arguments.account(0), arguments.number(1), arguments.data(2));
    List<String> alarms = new ArrayList<>();
    BigInteger operation = arguments.number(3);
    if (operation.equals(BigInteger.ONE) && !isMultiSend(inner)) {
      alarms.add(delegateCall(inner.target(), "the Safe"));
    } else if (operation.bitLength() > 1) {
      alarms.add("THE OPERATION " + operation + " IS NONE OF A SAFE");
    }
    if (arguments.number(6).signum() > 0) {
      alarms.add(
          "THE SAFE PAYS FOR GAS at a price of "
              + arguments.number(6)
              + " to "
              + arguments.account(8));
    }
    return new InnerCalls(List.of(inner), alarms);
  }

  private static InnerCalls upgrade(Arguments arguments, Call call) {
    Bytes data = arguments.data(1);
    return data.isEmpty() ? NONE : plain(Call.of(call.target(), data));
  }

  private static InnerCalls setup(Arguments arguments) {
    Address code = arguments.account(2);
    return code.isZero()
        ? NONE
        : new InnerCalls(
            List.of(Call.of(code, arguments.data(3))), List.of(delegateCall(code, "the new Safe")));
  }

  /** Whether it is one by its code as well: any contract can have a function of that name. */
  private static boolean isMultiSend(Call call) {
    Bytes data = call.data();
    return KnownMultiSend.versionAt(call.target()).isPresent()
        && data.length() >= 4
        && data.slice(0, 4).equals(SafeFunctions.MULTI_SEND.signature().selector());
  }

  private static String delegateCall(Address code, String whom) {
    return "DELEGATECALL: the code of " + code + " acts as " + whom + " itself and can do anything";
  }
}
