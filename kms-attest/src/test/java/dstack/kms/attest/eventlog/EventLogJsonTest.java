package dstack.kms.attest.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON form of specification 12 §2. */
class EventLogJsonTest {
  private static final String EVENT =
      "{\"imr\":0,\"event_type\":2147483659,\"digest\":\"0aff\",\"event\":\"x\",\"event_payload\":\"01\"}";

  @Test
  void writesTheRealLogByteForByteAsItWasRead() {
    String log = Logs.quoteReportLog();
    assertThat(EventLogJson.write(EventLogJson.parse(log))).isEqualTo(log);
  }

  @Test
  void readsOneEvent() {
    assertThat(EventLogJson.parse("[" + EVENT + "]"))
        .containsExactly(
            TdxEvent.v1(0, 2147483659L, Bytes.fromHex("0aff"), "x", Bytes.fromHex("01")));
  }

  @Test
  void readsVersionAndPreimageAndUnknownKeysAndUpperCase() {
    String json =
        "[{\"extra\":[1,{\"a\":null}],\"imr\":3,\"event_type\":134217729,\"event\":\"e\","
            + "\"event_payload\":\"AB\",\"version\":2,\"preimage\":\"not hex\"}]";
    assertThat(EventLogJson.parse(json))
        .containsExactly(
            new TdxEvent(
                3,
                RuntimeEvent.TYPE,
                Bytes.EMPTY,
                "e",
                Bytes.fromHex("ab"),
                EventLogVersion.V2,
                Optional.of("not hex")));
  }

  @Test
  void writesVersionAndPreimageOnlyWhenTheyAreThere() {
    TdxEvent event =
        new TdxEvent(
            3, 134217729, Bytes.EMPTY, "e", Bytes.EMPTY, EventLogVersion.V2, Optional.of("7b"));
    assertThat(EventLogJson.write(List.of(event)))
        .isEqualTo(
            "[{\"imr\":3,\"event_type\":134217729,\"digest\":\"\",\"event\":\"e\",\"event_payload\":\"\",\"version\":2,\"preimage\":\"7b\"}]");
    assertThat(EventLogJson.write(List.of())).isEqualTo("[]");
  }

  @Test
  void takesVersion1AndANullPreimageAsAbsent() {
    String json = EVENT.replace("}", ",\"version\":1,\"preimage\":null}");
    assertThat(EventLogJson.parse("[" + json + "]"))
        .isEqualTo(EventLogJson.parse("[" + EVENT + "]"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{}",
        "[1]",
        "[null]",
        "[[]]",
        "[{}]",
        "[",
        "[]]",
        "[] []",
        "[],",
        "[,]",
        "[{\"imr\":0,\"event_type\":1,\"event\":\"\"}]",
        "[{\"imr\":0,\"event_type\":1,\"event_payload\":\"\"}]",
        "[{\"imr\":0,\"event\":\"\",\"event_payload\":\"\"}]",
        "[{\"event_type\":1,\"event\":\"\",\"event_payload\":\"\"}]",
        "[{\"imr\":-1,\"event_type\":1,\"event\":\"\",\"event_payload\":\"\"}]",
        "[{\"imr\":4294967296,\"event_type\":1,\"event\":\"\",\"event_payload\":\"\"}]",
        "[{\"imr\":1.0,\"event_type\":1,\"event\":\"\",\"event_payload\":\"\"}]",
        "[{\"imr\":1e0,\"event_type\":1,\"event\":\"\",\"event_payload\":\"\"}]",
        "[{\"imr\":\"1\",\"event_type\":1,\"event\":\"\",\"event_payload\":\"\"}]",
        "[{\"imr\":01,\"event_type\":1,\"event\":\"\",\"event_payload\":\"\"}]",
        "[{\"imr\":99999999999999999999999999999999999999999,\"event_type\":1,\"event\":\"\",\"event_payload\":\"\"}]",
        "[{\"imr\":0,\"event_type\":1,\"event\":null,\"event_payload\":\"\"}]",
        "[{\"imr\":0,\"event_type\":1,\"event\":\"\\ud800\",\"event_payload\":\"\"}]",
        "[{\"imr\":0,\"event_type\":1,\"event\":\"\",\"event_payload\":\"0\"}]",
        "[{\"imr\":0,\"event_type\":1,\"event\":\"\",\"event_payload\":\"0x01\"}]",
        "[{\"imr\":0,\"event_type\":1,\"event\":\"\",\"event_payload\":\"0g\"}]",
        "[{\"imr\":0,\"event_type\":1,\"event\":\"\",\"event_payload\":[]}]",
        "[{\"imr\":0,\"event_type\":1,\"event\":\"\",\"event_payload\":\"\",\"digest\":null}]",
        "[{\"imr\":0,\"event_type\":1,\"event\":\"\",\"event_payload\":\"\",\"version\":null}]",
        "[{\"imr\":0,\"event_type\":1,\"event\":\"\",\"event_payload\":\"\",\"version\":3}]",
        "[{\"imr\":0,\"event_type\":1,\"event\":\"\",\"event_payload\":\"\",\"preimage\":5}]",
        "[{\"imr\":0,\"imr\":0,\"event_type\":1,\"event\":\"\",\"event_payload\":\"\"}]",
        "[{\"imr\":0,\"event_type\":1,\"event\":\"a\",\"event_payload\":\"\",\"event\":\"b\"}]",
        "// c\n[]",
        "[NaN]",
      })
  void refusesEverythingElse(String json) {
    assertThatThrownBy(() -> EventLogJson.parse(json)).isInstanceOf(RefusalException.class);
  }

  @Test
  void refusesDeepNestingAndTooManyEvents() {
    assertThatThrownBy(() -> EventLogJson.parse("[".repeat(100_000)))
        .isInstanceOf(RefusalException.class);
    String many = "[" + (EVENT + ",").repeat(EventLogLimits.MAX_EVENTS) + EVENT + "]";
    assertThatThrownBy(() -> EventLogJson.parse(many)).hasMessage("more than 4096 items");
  }

  @Test
  void acceptsAnEventExactlyAtItsLimitsAndRefusesOneAbove() {
    assertThat(EventLogJson.parse(sized(64, 1024, 1 << 20))).hasSize(1);
    for (String json :
        List.of(sized(65, 1024, 0), sized(64, 1025, 0), sized(64, 1024, (1 << 20) + 1))) {
      assertThatThrownBy(() -> EventLogJson.parse(json)).hasMessage("event too large");
    }
  }

  private static String sized(int digest, int name, int payload) {
    return EventLogJson.write(
        List.of(TdxEvent.v1(0, 1, Bytes.zeros(digest), "n".repeat(name), Bytes.zeros(payload))));
  }
}
