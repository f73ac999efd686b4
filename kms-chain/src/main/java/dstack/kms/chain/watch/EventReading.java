package dstack.kms.chain.watch;

import dstack.kms.chain.account.Call;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.Arguments;
import dstack.kms.chain.calldata.CallReading;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An event in words.
 *
 * @param event what was read
 * @param concern what it is about
 * @param name of the event, empty if it is unknown
 * @param values of its parameters
 * @param sentence what it means
 * @param inner the call that it announces or reports, in lines
 */
public record EventReading(
    ChainEvent event,
    Concern concern,
    String name,
    List<AbiValue> values,
    String sentence,
    List<String> inner) {
  /** Keeps copies. */
  public EventReading {
    values = List.copyOf(values);
    inner = List.copyOf(inner);
  }

  /** Reads an event, whatever its bytes are. */
  public static EventReading of(ChainEvent event) {
    Optional<EventForm> form = KnownEvents.of(event);
    if (form.isEmpty()) {
      return unknown(event, "an event that is not known here");
    }
    try {
      return known(event, form.get());
    } catch (RefusalException e) {
      return unknown(event, "an event that looks like one of ours and is not: " + e.text());
    }
  }

  private static EventReading known(ChainEvent event, EventForm form) {
    List<AbiValue> values = form.values(event);
    String name = form.phrase().signature().name();
    return new EventReading(
        event,
        form.concern(),
        name,
        values,
        form.phrase().about(EventNames.inWords(form.phrase().signature(), values)),
        name.startsWith("CallScheduled") || name.startsWith("CallExecuted")
            ? call(new Arguments(values))
            : List.of());
  }

  private static List<String> call(Arguments values) {
    return CallReading.of(new Call(values.account(2), values.number(3), values.data(4))).lines();
  }

  private static EventReading unknown(ChainEvent event, String sentence) {
    return new EventReading(event, Concern.UNKNOWN, "", List.of(), sentence, List.of());
  }

  /** For people: where and what, then the inner call. */
  public List<String> lines() {
    String first =
        "block "
            + event.block()
            + " "
            + concern.word()
            + " "
            + event.contract()
            + " "
            + name
            + ": "
            + sentence;
    return Stream.concat(Stream.of(first), inner.stream().map(line -> "  " + line)).toList();
  }
}
