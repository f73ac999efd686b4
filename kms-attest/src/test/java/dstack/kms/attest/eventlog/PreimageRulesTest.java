package dstack.kms.attest.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Version-2 events in a log: specification 12 §5 and the decision of 00 §9. */
class PreimageRulesTest {
  private static final RuntimeEvent EVENT =
      new RuntimeEvent("compose-hash", Bytes.fromHex("abcd"), EventLogVersion.V2);
  private static final RuntimeEvents REPLAYED = new RuntimeEvents(List.of(EVENT));
  private static final String PREIMAGE = EVENT.preimage().hex();

  @Test
  void acceptsDigestAndPreimageAsAttestGivesThem() {
    assertAccepted(event(EVENT.sha384(), PREIMAGE));
  }

  @Test
  void acceptsAStrippedEventWhoseDigestCanBeRecomputed() {
    assertAccepted(event(Bytes.EMPTY, null));
  }

  @Test
  void acceptsTheDigestAloneAndThePreimageAlone() {
    assertAccepted(event(EVENT.sha384(), null));
    assertAccepted(event(Bytes.EMPTY, PREIMAGE));
  }

  @Test
  void refusesAnEventWhosePayloadStrippingRemoved() {
    TdxEvent stripped = event(Bytes.EMPTY, null).withPayload(Bytes.EMPTY);
    assertRefused(stripped, "V2 runtime event 0 is missing its digest preimage");
    TdxEvent withDigest = event(EVENT.sha384(), null).withPayload(Bytes.EMPTY);
    assertRefused(withDigest, "V2 runtime event 0 is missing its digest preimage");
  }

  @Test
  void refusesAPreimageThatIsNoHex() {
    assertRefused(
        event(EVENT.sha384(), "zz"), "V2 runtime event 0 has a malformed digest preimage");
    assertRefused(
        event(EVENT.sha384(), "abc"), "V2 runtime event 0 has a malformed digest preimage");
    assertRefused(
        event(EVENT.sha384(), "0x" + PREIMAGE),
        "V2 runtime event 0 has a malformed digest preimage");
  }

  @Test
  void refusesADigestThatIsNotThatOfThePreimage() {
    assertRefused(
        event(Bytes.zeros(48), PREIMAGE), "V2 runtime event 0 digest does not match its preimage");
    assertRefused(
        event(EVENT.sha384().slice(0, 47), PREIMAGE),
        "V2 runtime event 0 digest does not match its preimage");
    assertRefused(
        event(EVENT.sha384(), ""), "V2 runtime event 0 digest does not match its preimage");
  }

  @Test
  void refusesAConsistentPreimageOfAnotherEvent() {
    Bytes other = Bytes.utf8("{\"payload\":\"abcd\",\"name\":\"compose-hash\",\"type\":134217729}");
    String text = "V2 runtime event 0 preimage is not the canonical event representation";
    assertRefused(event(Digests.sha384(other), other.hex()), text);
    assertRefused(event(Bytes.EMPTY, other.hex()), text);
  }

  @Test
  void leavesVersion1AndBootEventsAlone() {
    TdxEvent version1 = TdxEvent.v1(3, RuntimeEvent.TYPE, Bytes.EMPTY, "a", Bytes.EMPTY);
    TdxEvent boot =
        new TdxEvent(
            0, 4, Bytes.EMPTY, "", Bytes.EMPTY, EventLogVersion.V2, Optional.of("not hex"));
    assertAccepted(version1);
    assertAccepted(boot);
  }

  @Test
  void refusesAStrippedEventThatWasReplayedInAnotherPlace() {
    RuntimeEvent other = new RuntimeEvent("app-id", Bytes.fromHex("01"), EventLogVersion.V2);
    RuntimeEvents swapped = new RuntimeEvents(List.of(other, EVENT));
    assertThatThrownBy(() -> PreimageRules.check(List.of(event(Bytes.EMPTY, null)), swapped))
        .hasMessage("V2 runtime event 0 is missing its digest preimage");
  }

  @Test
  void countsTheRuntimeEventsOfBothVersionsAndNoOthers() {
    RuntimeEvent first = RuntimeEvent.v1("app-id", Bytes.fromHex("01"));
    RuntimeEvents both = new RuntimeEvents(List.of(first, EVENT));
    TdxEvent boot = TdxEvent.v1(0, 4, Bytes.EMPTY, "", Bytes.EMPTY);
    List<TdxEvent> log = List.of(boot, TdxEvent.of(first), event(Bytes.EMPTY, null));
    assertThatCode(() -> PreimageRules.check(log, both)).doesNotThrowAnyException();
  }

  @Test
  void namesTheIndexInTheWholeLog() {
    TdxEvent boot = TdxEvent.v1(0, 4, Bytes.EMPTY, "", Bytes.EMPTY);
    assertThatThrownBy(
            () -> PreimageRules.check(List.of(boot, event(Bytes.zeros(48), null)), REPLAYED))
        .hasMessage("V2 runtime event 1 is missing its digest preimage");
  }

  private static TdxEvent event(Bytes digest, @org.jspecify.annotations.Nullable String preimage) {
    return new TdxEvent(
        3,
        RuntimeEvent.TYPE,
        digest,
        EVENT.name(),
        EVENT.payload(),
        EventLogVersion.V2,
        Optional.ofNullable(preimage));
  }

  private static void assertAccepted(TdxEvent event) {
    assertThatCode(() -> PreimageRules.check(List.of(event), REPLAYED)).doesNotThrowAnyException();
  }

  private static void assertRefused(TdxEvent event, String text) {
    assertThatThrownBy(() -> PreimageRules.check(List.of(event), REPLAYED))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.code()).isEqualTo(EventLogRefusal.EVENT_PREIMAGE))
        .hasMessage(text);
  }
}
