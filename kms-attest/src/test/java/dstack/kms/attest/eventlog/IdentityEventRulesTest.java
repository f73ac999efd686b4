package dstack.kms.attest.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hardening of specification 12 §9. */
class IdentityEventRulesTest {
  @Test
  void acceptsTheRealSequences() {
    assertThatCode(() -> IdentityEventRules.check(Logs.dstackRuntimeEvents()))
        .doesNotThrowAnyException();
    RuntimeEvents quoteReport =
        new RuntimeEvents(
            EventLogJson.parse(Logs.quoteReportLog()).stream()
                .flatMap(event -> event.runtimeEvent().stream())
                .toList());
    assertThatCode(() -> IdentityEventRules.check(quoteReport)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "system-preparing app-id compose-hash instance-id boot-mr-done",
        "system-preparing app-id compose-hash init-script-hash init-script-hash gpu-policy-hash"
            + " gpu-attestation instance-id boot-mr-done mr-kms os-image-hash key-provider"
            + " storage-fs system-ready",
        "app-id compose-hash instance-id boot-mr-done system-ready app-id boot-mr-done a:b",
      })
  void acceptsWhatTheReleasesEmit(String names) {
    assertThatCode(() -> IdentityEventRules.check(Logs.named(names.split(" "))))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "app-id app-id boot-mr-done",
        "app-id compose-hash app-id boot-mr-done",
        "app-id compose-hash compose-hash boot-mr-done",
        "app-id instance-id instance-id boot-mr-done",
        "app-id boot-mr-done boot-mr-done",
        "app-id boot-mr-done key-provider key-provider",
        "compose-hash app-id boot-mr-done",
        "app-id instance-id compose-hash boot-mr-done",
        "app-id key-provider boot-mr-done",
        "boot-mr-done instance-id",
      })
  void refusesRepeatedOrMisplacedIdentityEvents(String names) {
    assertRefused(Logs.named(names.split(" ")), "runtime event ");
  }

  @Test
  void refusesASequenceWithoutBootMrDone() {
    assertRefused(Logs.named("app-id", "compose-hash"), "runtime event boot-mr-done is missing");
    assertRefused(
        Logs.named("system-ready", "boot-mr-done"), "runtime event boot-mr-done is missing");
    assertRefused(RuntimeEvents.NONE, "runtime event boot-mr-done is missing");
  }

  @Test
  void refusesAKeyProviderHiddenBehindAColonUnderTheSameRegister() {
    RuntimeEvent honest = RuntimeEvent.v1("key-provider", Bytes.utf8("{\"name\":\"kms\"}"));
    RuntimeEvent split = RuntimeEvent.v1("key-provider:{\"name\"", Bytes.utf8("\"kms\"}"));
    assertThat(split.sha384()).isEqualTo(honest.sha384());
    RuntimeEvent done = RuntimeEvent.v1("boot-mr-done", Bytes.EMPTY);
    assertRefused(new RuntimeEvents(List.of(done, split)), "contains a colon");
  }

  private static void assertRefused(RuntimeEvents events, String text) {
    assertThatThrownBy(() -> IdentityEventRules.check(events))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.code()).isEqualTo(EventLogRefusal.EVENT_SEQUENCE))
        .hasMessageContaining(text);
  }
}
