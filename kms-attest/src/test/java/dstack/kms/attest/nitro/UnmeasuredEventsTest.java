package dstack.kms.attest.nitro;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.eventlog.RuntimeEvent;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.core.bytes.Bytes;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an enclave may say about itself without any proof. */
final class UnmeasuredEventsTest {
  private static final RuntimeEvent APP = event("app-id", 20);
  private static final RuntimeEvent INSTANCE = event("instance-id", 20);
  private static final RuntimeEvent PROVIDER = event("key-provider", 200);

  private static RuntimeEvent event(String name, int length) {
    return RuntimeEvent.v1(name, Bytes.fromHex("42".repeat(length)));
  }

  private static RuntimeEvents events(RuntimeEvent... events) {
    return new RuntimeEvents(Arrays.asList(events));
  }

  private static void assertRefused(UnmeasuredEvents rule, RuntimeEvent... events) {
    assertThat(Refusals.of(() -> rule.require(events(events))).code())
        .isEqualTo(NitroRefusal.UNMEASURED_EVENTS);
  }

  @ParameterizedTest
  @EnumSource
  void takesNoneOrOneAppId(UnmeasuredEvents rule) {
    rule.require(RuntimeEvents.NONE);
    rule.require(events(APP));
    rule.require(NitroVectors.prod().runtimeEvents());
  }

  @ParameterizedTest
  @EnumSource
  void refusesASecondAppId(UnmeasuredEvents rule) {
    assertRefused(rule, APP, APP);
    assertRefused(rule, APP, event("app-id", 20));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 19, 21, 32})
  void t12_refusesAnAppIdOfOtherThan20Bytes(int length) {
    assertThat(
            Refusals.of(
                () -> UnmeasuredEvents.APP_ID_ONLY.require(events(event("app-id", length)))))
        .hasMessage("app_id must be 20 bytes");
    assertRefused(UnmeasuredEvents.IDENTITY, event("app-id", length));
  }

  @Test
  void refusesEverythingElseByDefault() {
    for (String name :
        new String[] {
          "instance-id",
          "key-provider",
          "compose-hash",
          "os-image-hash",
          "init-script-hash",
          "system-ready",
          "boot-mr-done",
          "app-id ",
          "App-Id",
          "",
          "app-id:",
          "anything"
        }) {
      assertRefused(UnmeasuredEvents.APP_ID_ONLY, event(name, 20));
      assertRefused(UnmeasuredEvents.APP_ID_ONLY, APP, event(name, 20));
    }
  }

  @Test
  void refusesAnAppIdAfterSystemReadyToo() {
    assertRefused(UnmeasuredEvents.APP_ID_ONLY, event("system-ready", 0), APP);
    assertRefused(UnmeasuredEvents.IDENTITY, event("system-ready", 0), APP);
  }

  @Test
  void takesTheOriginalsIdentityWhereThatIsAllowed() {
    UnmeasuredEvents rule = UnmeasuredEvents.IDENTITY;

    rule.require(events(APP, INSTANCE, PROVIDER));
    rule.require(events(PROVIDER, APP));
    rule.require(events(event("key-provider", 4096)));
    assertRefused(rule, APP, INSTANCE, INSTANCE);
    assertRefused(rule, PROVIDER, PROVIDER);
    assertRefused(rule, event("key-provider", 4097));
    assertRefused(rule, event("instance-id", 0));
    assertRefused(rule, event("instance-id", 19));
    assertRefused(rule, event("instance-id", 21));
    assertRefused(rule, event("compose-hash", 32));
  }
}
