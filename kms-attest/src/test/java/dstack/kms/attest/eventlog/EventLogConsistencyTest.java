package dstack.kms.attest.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Vectors;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log must not contradict what was verified (specification 12 §9). */
class EventLogConsistencyTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void acceptsTheRealLogsAgainstTheirQuotes(int register) {
    Bytes dstackQuote = Bytes.of(Vectors.bytes("tdx/dstack_attestation_v0.bin"), 4, 5014);
    Bytes reportQuote =
        Bytes.fromHex(Vectors.json("tdx/dstack_quote_report.json").get("quote").stringValue());
    assertThatCode(
            () -> {
              EventLogConsistency.checkBootRegister(
                  Logs.dstack(), register, rtmr(dstackQuote, register));
              EventLogConsistency.checkBootRegister(
                  EventLogJson.parse(Logs.quoteReportLog()), register, rtmr(reportQuote, register));
            })
        .doesNotThrowAnyException();
  }

  @Test
  void refusesABootRegisterThatDoesNotReplay() {
    Bytes wrong = Bytes.zeros(48);
    assertThatThrownBy(() -> EventLogConsistency.checkBootRegister(Logs.dstack(), 1, wrong))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.code()).isEqualTo(EventLogRefusal.EVENT_LOG_CONTRADICTS))
        .hasMessageStartingWith("RTMR1 mismatch, quoted: 0000");
  }

  @Test
  void acceptsALogWithoutBootEventsAndOneWithOnlyTheAcpiEvents() {
    List<TdxEvent> acpi = Logs.dstack().stream().filter(TdxEvent::isAcpiData).toList();
    assertThat(acpi).hasSize(3);
    assertThatCode(
            () -> {
              EventLogConsistency.checkBootRegister(acpi, 0, Bytes.zeros(48));
              EventLogConsistency.checkBootRegister(List.of(), 0, Bytes.zeros(48));
            })
        .doesNotThrowAnyException();
  }

  @Test
  void acceptsRuntimeEventsThatEqualTheReplayedOnesAlsoStripped() {
    List<TdxEvent> stripped = Logs.dstack().stream().map(TdxEvent::stripped).toList();
    assertThatCode(
            () -> {
              EventLogConsistency.checkRuntimeEvents(Logs.dstack(), Logs.dstackRuntimeEvents());
              EventLogConsistency.checkRuntimeEvents(stripped, Logs.dstackRuntimeEvents());
              EventLogConsistency.checkRuntimeEvents(List.of(), Logs.dstackRuntimeEvents());
            })
        .doesNotThrowAnyException();
  }

  @Test
  void refusesALogThatTellsAnotherStory() {
    List<TdxEvent> log = Logs.dstack();
    int last = log.size() - 1;
    assertDiffers(log.subList(0, last));
    assertDiffers(replaced(log, last, log.get(last).withName("system-readY")));
    assertDiffers(replaced(log, last, log.get(last).withPayload(Bytes.fromHex("00"))));
    List<TdxEvent> swapped = new ArrayList<>(log);
    swapped.set(last, log.get(last - 1));
    swapped.set(last - 1, log.get(last));
    assertDiffers(swapped);
  }

  @Test
  void refusesARuntimeEventWithAnotherEventsDigest() {
    TdxEvent event = TdxEvent.of(RuntimeEvent.v1("a", Bytes.EMPTY));
    TdxEvent lying = TdxEvent.v1(3, RuntimeEvent.TYPE, Bytes.zeros(48), "a", Bytes.EMPTY);
    RuntimeEvents replayed = Logs.named("a");
    assertThatCode(() -> EventLogConsistency.checkRuntimeEvents(List.of(event), replayed))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> EventLogConsistency.checkRuntimeEvents(List.of(lying), replayed))
        .hasMessage("digest of runtime event a does not match the event");
  }

  private static List<TdxEvent> replaced(List<TdxEvent> log, int index, TdxEvent event) {
    List<TdxEvent> changed = new ArrayList<>(log);
    changed.set(index, event);
    return changed;
  }

  private static void assertDiffers(List<TdxEvent> log) {
    assertThatThrownBy(
            () -> EventLogConsistency.checkRuntimeEvents(log, Logs.dstackRuntimeEvents()))
        .hasMessage("event log and runtime events differ");
  }

  private static Bytes rtmr(Bytes quote, int register) {
    return quote.slice(376 + 48 * register, 424 + 48 * register);
  }
}
