package dstack.kms.sim.container;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.Vectors;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Expected values are real attestations and those of specifications 10 §3 and 12 §4. */
final class ContainerRecipeTest {
  @Test
  void rebuildsTheRealV0AttestationByteByByte() {
    Bytes real = Bytes.of(Vectors.bytes("tdx/dstack_attestation_v0.bin"));
    assertThat(realContent(real).make(ContainerVersion.V0)).isEqualTo(real);
  }

  @Test
  void rebuildsTheV1VectorByteByByte() {
    Bytes real = Bytes.of(Vectors.bytes("tdx/dstack_attestation_v0.bin"));
    assertThat(realContent(real).make(ContainerVersion.V1))
        .isEqualTo(Bytes.of(Vectors.bytes("tdx/dstack_attestation_v1.msgpack")));
  }

  @Test
  void replayOfTheRealLogGivesTheRealRegisters() {
    Bytes real = Bytes.of(Vectors.bytes("tdx/dstack_attestation_v0.bin"));
    List<LoggedEvent> log = eventLog();
    Bytes quote = real.slice(4, 4 + 5010);
    for (int register = 0; register < 4; register++) {
      int offset = 376 + 48 * register;
      assertThat(LoggedEvent.replay(register, log)).isEqualTo(quote.slice(offset, offset + 48));
    }
  }

  @Test
  void runtimeEventsOfTheRealLogHaveTheirRealDigests() {
    List<LoggedEvent> runtime =
        eventLog().stream().filter(event -> event.type() == RuntimeEvent.TYPE).toList();
    assertThat(runtime).hasSize(9);
    for (LoggedEvent event : runtime) {
      assertThat(new RuntimeEvent(event.name(), event.payload()).logged()).isEqualTo(event);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1,app-id,deadbeef,"
        + "67b4be4efed0893cfa2bb1d35dca209ad8348b4c97f980807bcde8b9a0f26398"
        + "dd0923d6eccb5aa2096d98046da8740f",
    "2,compose-hash,abcd,"
        + "9dde1673f544faa94b921825209593ddde08d0baf9cd6990175dffaf3081f1bb"
        + "10311d56de189491feb33842a050ad7b",
  })
  void digestsAreThoseOfTheSpecification(int version, String name, String payload, String digest) {
    LoggedEvent event = new RuntimeEvent(name, Bytes.fromHex(payload), version).logged();
    assertThat(event.digest().hex()).isEqualTo(digest);
  }

  @Test
  void version2EscapesNamesAsCanonicalJsonDoes() {
    RuntimeEvent event = new RuntimeEvent("event\"with\\special\nchars", Bytes.fromHex("ff"), 2);
    assertThat(event.preimage().utf8Text())
        .isEqualTo(
            "{\"name\":\"event\\\"with\\\\special\\n"
                + "chars\",\"payload\":\"ff\",\"type\":134217729}");
  }

  @Test
  void jsonFormIsThatOfTheRealLog() {
    assertThat(Vectors.json("tdx/dstack_attestation_v0.decoded.json").get("event_log").toString())
        .isEqualTo(EventLogJson.of(eventLog()));
  }

  @Test
  void version2EventsCarryVersionAndPreimageInV1Only() {
    ContainerRecipe recipe =
        new ContainerRecipe()
            .reportData(Bytes.zeros(64))
            .evidence(
                new PlatformEvidence.Tdx(
                    Bytes.EMPTY, List.of(new RuntimeEvent("pod", Bytes.EMPTY, 2).logged())));
    assertThat(recipe.make(ContainerVersion.V1).utf8Text()).contains("version", "preimage");
    assertThat(recipe.make(ContainerVersion.V0).utf8Text()).doesNotContain("preimage");
  }

  private static ContainerRecipe realContent(Bytes real) {
    JsonNode decoded = Vectors.json("tdx/dstack_attestation_v0.decoded.json");
    List<RuntimeEvent> runtime = new ArrayList<>();
    for (JsonNode event : decoded.get("runtime_events")) {
      runtime.add(new RuntimeEvent(event.get("event").stringValue(), hex(event, "payload")));
    }
    return new ContainerRecipe()
        .evidence(
            new PlatformEvidence.Tdx(
                real.slice(4, 4 + decoded.get("quote_len").intValue()), eventLog()))
        .runtimeEvents(runtime)
        .reportData(hex(decoded, "report_data"))
        .config(decoded.get("config").stringValue());
  }

  private static List<LoggedEvent> eventLog() {
    List<LoggedEvent> log = new ArrayList<>();
    for (JsonNode event : Vectors.json("tdx/dstack_attestation_v0.decoded.json").get("event_log")) {
      log.add(
          new LoggedEvent(
              event.get("imr").intValue(),
              (int) event.get("event_type").longValue(),
              hex(event, "digest"),
              event.get("event").stringValue(),
              hex(event, "event_payload"),
              1));
    }
    return log;
  }

  private static Bytes hex(JsonNode node, String key) {
    return Bytes.fromHex(node.get(key).stringValue());
  }
}
