package dstack.kms.chain.calldata;

import dstack.kms.chain.account.Call;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads calls within calls. */
final class CallReader {
  private static final int MAX_DEPTH = 8;
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_CALLS = 512;

  private int seen;

  /** The reading of a call that lies within so many others. */
  CallReading read(Call call, int depth) {
    Bytes data = call.data();
    seen++;
    if (data.isEmpty()) {
      return new CallReading.Payment(call);
    }
    if (data.length() > MAX_BYTES || depth > MAX_DEPTH || seen > MAX_CALLS) {
      return new CallReading.Unknown(call, "it is too large or too deep to be read");
    }
    if (data.length() < 4) {
      return new CallReading.Unknown(call, "its calldata is shorter than a selector");
    }
    Optional<Function> function = KnownFunctions.of(data.slice(0, 4));
    return function
        .map(known -> known(call, known, depth))
        .orElseGet(
            () ->
                new CallReading.Unknown(
                    call, "no function with the selector 0x" + data.slice(0, 4) + " is known"));
  }

  private CallReading known(Call call, Function function, int depth) {
    try {
      List<AbiValue> arguments =
          function.signature().decodeArguments(call.data().slice(4, call.data().length()));
      InnerCalls inner = InnerCalls.of(function, new Arguments(arguments), call);
      List<CallReading> readings = new ArrayList<>();
      for (Call each : inner.calls()) {
        readings.add(read(each, depth + 1));
      }
      return new CallReading.Known(call, function, arguments, readings, inner.alarms());
    } catch (RefusalException e) {
      return new CallReading.Unknown(
          call,
          "it has the selector of "
              + function.signature().canonical()
              + ", but its arguments are not encoded as that takes them ("
              + e.text()
              + ")");
    }
  }
}
