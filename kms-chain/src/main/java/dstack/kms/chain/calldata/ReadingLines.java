package dstack.kms.chain.calldata;

import java.util.ArrayList;
import java.util.List;

/** Readings for people. */
final class ReadingLines {
  private static final String INDENT = "  ";

  private ReadingLines() {}

  static List<String> of(CallReading.Known reading) {
    Signature signature = reading.function().signature();
    List<String> lines = new ArrayList<>();
    lines.add(
        reading.call().target()
            + " "
            + reading.function().contract()
            + "."
            + signature.canonical());
    for (int i = 0; i < reading.arguments().size(); i++) {
      argument(signature.parameters().get(i), reading.arguments().get(i), lines);
    }
    if (reading.call().value().signum() > 0) {
      lines.add(INDENT + "with " + reading.call().value() + " wei");
    }
    lines.add(INDENT + "=> " + reading.sentence());
    reading.alarms().forEach(alarm -> lines.add(INDENT + "!! " + alarm));
    for (CallReading inner : reading.inner()) {
      inner.lines().forEach(line -> lines.add(INDENT + INDENT + line));
    }
    return List.copyOf(lines);
  }

  static List<String> of(CallReading.Unknown reading) {
    return List.of(
        reading.call().target() + " UNKNOWN CALL of " + reading.call().data().length() + " bytes",
        INDENT + "!! NOBODY HERE CAN SAY WHAT THIS DOES: " + reading.why(),
        INDENT + "calldata " + AbiValue.of(reading.call().data()).words());
  }

  private static void argument(Parameter parameter, AbiValue value, List<String> lines) {
    if (parameter.type() instanceof AbiType.Tuple tuple && value instanceof AbiValue.Items items) {
      for (int i = 0; i < tuple.parts().size(); i++) {
        argument(tuple.parts().get(i), items.values().get(i), lines);
      }
      return;
    }
    lines.add(INDENT + parameter.name() + " = " + value.words());
  }
}
