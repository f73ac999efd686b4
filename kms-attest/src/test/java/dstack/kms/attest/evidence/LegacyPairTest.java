package dstack.kms.attest.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.eventlog.EventLogJson;
import dstack.kms.attest.eventlog.RuntimeEvent;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Allocation;
import dstack.kms.testkit.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The older pair of quote and event log, specification 10 §6. */
class LegacyPairTest {
  private static final UnverifiedAttestation DSTACK = Containers.dstack();
  private static final TdxEvidence EVIDENCE = (TdxEvidence) DSTACK.evidence();
  private static final Bytes LOG = Bytes.utf8(EventLogJson.write(EVIDENCE.eventLog()));

  @Test
  void reconstructsTheAttestationThatTheSameGuestGivesInAContainer() {
    UnverifiedAttestation pair = LegacyPair.toAttestation(EVIDENCE.quote(), LOG);
    assertThat(pair.container()).isEqualTo(ContainerVersion.V0);
    assertThat(pair.evidence()).isEqualTo(EVIDENCE);
    assertThat(pair.runtimeEvents()).isEqualTo(DSTACK.runtimeEvents());
    assertThat(pair.reportData()).isEqualTo(DSTACK.reportData());
    assertThat(pair.config()).isEmpty();
  }

  @Test
  void takesTheReportDataFromTheQuote() {
    Bytes quote =
        Bytes.fromHex(Vectors.json("tdx/dstack_quote_report.json").get("quote").stringValue());
    assertThat(LegacyPair.toAttestation(quote, Bytes.utf8("[]")).reportData().value().hex())
        .isEqualTo("1234" + "00".repeat(62));
  }

  @Test
  void takesRuntimeEventsOfAnyRegisterInTheirOrder() {
    String log =
        "[{\"imr\":0,\"event_type\":134217729,\"event\":\"a\",\"event_payload\":\"\"},"
            + "{\"imr\":3,\"event_type\":4,\"event\":\"b\",\"event_payload\":\"\"},"
            + "{\"imr\":3,\"event_type\":134217729,\"event\":\"c\",\"event_payload\":\"01\"}]";
    assertThat(LegacyPair.toAttestation(EVIDENCE.quote(), Bytes.utf8(log)).runtimeEvents().events())
        .containsExactly(
            RuntimeEvent.v1("a", Bytes.EMPTY), RuntimeEvent.v1("c", Bytes.fromHex("01")));
  }

  @Test
  void countsAsTheNewerContainerWhenAnEventHasVersion2() {
    String log =
        "[{\"imr\":3,\"event_type\":134217729,\"event\":\"a\",\"event_payload\":\"\",\"version\":2}]";
    assertThat(LegacyPair.toAttestation(EVIDENCE.quote(), Bytes.utf8(log)).container())
        .isEqualTo(ContainerVersion.V1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[", "null", "[1]", "ELGZv1"})
  void refusesALogThatIsNoLog(String log) {
    assertThatThrownBy(() -> LegacyPair.toAttestation(EVIDENCE.quote(), Bytes.utf8(log)))
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith("Failed to parse tdx_event_log: ");
  }

  @Test
  void refusesALogThatIsNoUtf8() {
    assertThatThrownBy(() -> LegacyPair.toAttestation(EVIDENCE.quote(), Bytes.fromHex("5bff5d")))
        .hasMessage("Failed to parse tdx_event_log: invalid UTF-8");
  }

  /** Whoever can reach the port may send this; the limit of the body is 10 MiB. */
  @Test
  void refusesALogOfMillionsOfEmptyEventsInLittleMoreMemoryThanItHas() {
    Bytes log = Bytes.utf8("[" + "{},".repeat((10 << 20) / 3 - 2) + "{}]");
    long allocated =
        Allocation.bytesOf(
            () ->
                assertThatThrownBy(() -> LegacyPair.toAttestation(EVIDENCE.quote(), log))
                    .isInstanceOf(RefusalException.class)
                    .hasMessage("Failed to parse tdx_event_log: invalid JSON"));
    assertThat(allocated).isLessThan(64L << 20);
  }

  @Test
  void refusesWhatIsNoTdxQuote() {
    for (Bytes quote : new Bytes[] {Bytes.EMPTY, EVIDENCE.quote().slice(0, 600), Bytes.zeros(48)}) {
      assertThatThrownBy(() -> LegacyPair.toAttestation(quote, LOG))
          .isInstanceOf(RefusalException.class)
          .hasMessageStartingWith("Invalid TDX quote: ");
    }
  }
}
