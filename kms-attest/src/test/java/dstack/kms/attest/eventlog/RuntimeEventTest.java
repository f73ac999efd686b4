package dstack.kms.attest.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Digests of specification 12 §4. */
class RuntimeEventTest {
  @ParameterizedTest
  @CsvSource({
    "app-id, deadbeef, "
        + "67b4be4efed0893cfa2bb1d35dca209ad8348b4c97f980807bcde8b9a0f26398dd0923d6eccb5aa2096d98046da8740f,"
        + "1e37acb63ad67dd7c04be2f1b4d1cb875bef39447fe4196ab0b8296829fad651",
    "system-preparing, '', "
        + "f9974020ef507068183313d0ca808e0d1ca9b2d1ad0c61f5784e7157c362c06536f5ddacdad4451693f48fcc72fff624,"
        + "af4d4a3aff491a02847cbb3e75042d513fc43e9a6ddafde9fbbaa1240e9850e0",
    "boot-mr-done, '', "
        + "98bd7e6bd3952720b65027fd494834045d06b4a714bf737a06b874638b3ea00ff402f7f583e3e3b05e921c8570433ac6,"
        + "b1d85949d4c82f10dafb96ea3934336ff7040202af92013d8f2e5edcd5f1857b",
    "system-ready, '', "
        + "1a76b2a80a0be71eae59f80945d876351a7a3fb8e9fd1ff1cede5734aa84ea11fd72b4edfbb6f04e5a85edd114c751bd,"
        + "1f1c99b8bad081cc8eec0632968f31cedeba12bc47b33fa35e8a682a665d8cc5",
  })
  void digestsVersion1AsTypeNameAndPayload(
      String name, String payload, String sha384, String sha256) {
    RuntimeEvent event = RuntimeEvent.v1(name, Bytes.fromHex(payload));
    assertThat(event.sha384().hex()).isEqualTo(sha384);
    assertThat(event.sha256().hex()).isEqualTo(sha256);
  }

  @Test
  void formsThePreimageOfVersion1() {
    assertThat(RuntimeEvent.v1("app-id", Bytes.fromHex("deadbeef")).preimage().hex())
        .isEqualTo("010000083a6170702d69643adeadbeef");
  }

  @Test
  void digestsVersion2AsCanonicalJson() {
    RuntimeEvent event = v2("compose-hash", "abcd");
    assertThat(text(event))
        .isEqualTo("{\"name\":\"compose-hash\",\"payload\":\"abcd\",\"type\":134217729}");
    assertThat(event.sha384().hex())
        .isEqualTo(
            "9dde1673f544faa94b921825209593ddde08d0baf9cd6990175dffaf3081f1bb10311d56de189491feb33842a050ad7b");
    assertThat(event.sha256().hex())
        .isEqualTo("fc44002891a830d525a8be3987b3ee689b1e4b163bf643af6170872bfb8629df");
  }

  @Test
  void escapesQuotesBackslashesAndLineBreaksInVersion2() {
    assertThat(text(v2("event\"with\\special\nchars", "ff")))
        .isEqualTo(
            "{\"name\":\"event\\\"with\\\\special\\n"
                + "chars\",\"payload\":\"ff\",\"type\":134217729}");
  }

  @Test
  void writesAnEmptyEventOfVersion2() {
    assertThat(text(v2("", ""))).isEqualTo("{\"name\":\"\",\"payload\":\"\",\"type\":134217729}");
  }

  @Test
  void escapesOtherControlsInLowerCaseHexAndLeavesTheRestRaw() {
    String name = "\b\f\r\t\u0001\u001f\u007f/é\u2028😀";
    assertThat(text(v2(name, "")))
        .isEqualTo(
            "{\"name\":\"\\b\\f\\r"
                + "\\t\\u0001\\u001f\u007f/é\u2028😀\",\"payload\":\"\",\"type\":134217729}");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 3, -1, 257, 4294967295L})
  void refusesUnknownVersions(long number) {
    assertThatThrownBy(() -> EventLogVersion.ofNumber(number))
        .isInstanceOf(RefusalException.class)
        .hasMessage("unknown event log version: " + number);
  }

  private static RuntimeEvent v2(String name, String payload) {
    return new RuntimeEvent(name, Bytes.fromHex(payload), EventLogVersion.V2);
  }

  private static String text(RuntimeEvent event) {
    return new String(event.preimage().toArray(), StandardCharsets.UTF_8);
  }
}
