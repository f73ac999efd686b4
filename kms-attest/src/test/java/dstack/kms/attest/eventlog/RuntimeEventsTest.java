package dstack.kms.attest.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Replay and look-up against specification 12 §8 A. */
class RuntimeEventsTest {
  private static final String RTMR3 =
      "f28a1490ee924e9396c2ccf2d93ad536b83cbe159a1d45024d1fd7acdcc102145efcfcd0cfa209416446c70226affadf";

  @Test
  void replaysTheRealRuntimeRegister() {
    assertThat(Logs.dstackRuntimeEvents().replaySha384().hex()).isEqualTo(RTMR3);
  }

  @Test
  void replaysEachOfTheFirstSteps() {
    List<RuntimeEvent> events = Logs.dstackRuntimeEvents().events();
    assertThat(new RuntimeEvents(events.subList(0, 1)).replaySha384().hex())
        .isEqualTo(
            "6a9a63f48733aba50d6892c873d838f97351040ddb0b497dcbdb0571ad78d0c1f1b8b3e87a9719706604b6cc5faedee0");
    assertThat(new RuntimeEvents(events.subList(0, 2)).replaySha384().hex())
        .isEqualTo(
            "38a080724e4eb976f7bc89b05c80b32300c7a307e3813457c76327e61d9ffd5e7f3f60574871b494b5ae5a08b0cc27b0");
    assertThat(new RuntimeEvents(events.subList(0, 3)).replaySha384().hex())
        .isEqualTo(
            "38e8065335260cfc7aeec7f87fa35962dba27ba087f2afc5003ad4c72c0e33ee276516db8bd82465db7774902ce6981d");
  }

  @Test
  void cutsAfterBootMrDone() {
    RuntimeEvents boot = Logs.dstackRuntimeEvents().untilBootDone();
    assertThat(boot.events().getLast().name()).isEqualTo("boot-mr-done");
    assertThat(boot.replaySha384().hex())
        .isEqualTo(
            "161d4d87fecefcad09ed96ba8f901e58eca0f422b8155e2829ef94ce084a757e88c7f4be29df017ed72531e8efb643b7");
  }

  @Test
  void countsEveryEventWhenBootMrDoneIsMissing() {
    RuntimeEvents events = Logs.named("app-id", "system-ready", "own");
    assertThat(events.untilBootDone()).isEqualTo(events);
  }

  @Test
  void cutsAfterTheFirstOfSeveralBootMrDone() {
    assertThat(Logs.named("a", "boot-mr-done", "b", "boot-mr-done").untilBootDone())
        .isEqualTo(Logs.named("a", "boot-mr-done"));
  }

  @Test
  void replaysNoEventsAsZeros() {
    assertThat(RuntimeEvents.NONE.replaySha384()).isEqualTo(Bytes.zeros(48));
    assertThat(RuntimeEvents.NONE.replaySha256()).isEqualTo(Bytes.zeros(32));
  }

  @Test
  void findsPayloadsOfTheRealEvents() {
    RuntimeEvents events = Logs.dstackRuntimeEvents();
    assertThat(events.payloadOf("app-id").hex())
        .isEqualTo("5bb4ff9a3837357f19dc176407a5709c62eb6c56");
    assertThat(events.payloadOf("instance-id").hex())
        .isEqualTo("1691ed1b47506cad7d08834668691d88246f5b1f");
    assertThat(events.payloadOf("no-such")).isEqualTo(Bytes.EMPTY);
  }

  @Test
  void hidesWhatTheApplicationEmitsAfterSystemReady() {
    List<RuntimeEvent> events = new ArrayList<>(Logs.named("system-ready").events());
    events.add(RuntimeEvent.v1("app-id", Bytes.fromHex("aa")));
    RuntimeEvents withOwn = new RuntimeEvents(events);
    assertThat(withOwn.payloadOf("app-id")).isEqualTo(Bytes.EMPTY);
    assertThat(withOwn.payloadsOf("app-id")).isEmpty();
  }

  @Test
  void takesTheFirstOfSeveralAndListsAllInOrder() {
    RuntimeEvents events =
        new RuntimeEvents(
            List.of(
                RuntimeEvent.v1("init-script-hash", Bytes.fromHex("01")),
                RuntimeEvent.v1("other", Bytes.EMPTY),
                RuntimeEvent.v1("init-script-hash", Bytes.fromHex("02"))));
    assertThat(events.payloadOf("init-script-hash").hex()).isEqualTo("01");
    assertThat(events.payloadsOf("init-script-hash"))
        .containsExactly(Bytes.fromHex("01"), Bytes.fromHex("02"));
  }

  @Test
  void replayDependsOnTheOrder() {
    assertThat(Logs.named("a", "b").replaySha384())
        .isNotEqualTo(Logs.named("b", "a").replaySha384());
  }
}
