package dstack.kms.attest.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Vectors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The boot log of specification 12 §1 and its real sample. */
class CcelTest {
  private static final String END = "ffffffff";
  private static final String SPEC_ID =
      le32(1)
          + le32(3)
          + "00".repeat(20)
          + le32(33)
          + "00".repeat(24)
          + le32(1)
          + "0c003000"
          + "00";

  @Test
  void parsesTheRealSample() {
    Bytes sample = Bytes.of(Vectors.bytes("tdx/ccel_dstack.bin"));
    Ccel log = Ccel.parse(sample);
    assertThat(log.events()).hasSize(18);
    assertThat(log.length()).isEqualTo(1933 + 4);
    assertThat(replay(log, 0))
        .isEqualTo(
            "274c2344116db7c663470693b5ba62b8621eac28cb41d2f816ddf188f9f423f900a1c44d32386fd3c993dc814e62af9d");
    assertThat(replay(log, 1))
        .isEqualTo(
            "bdcf4ee0f7fdfe7c73fbb19ded73193aee23a6726b86d3b282ea097cf4c9ed7a0db21b5c1ccd513e410d90e310836b26");
    assertThat(replay(log, 2)).isEqualTo("00".repeat(48));
    assertThat(replay(log, 3)).isEqualTo("00".repeat(48));
  }

  @Test
  void namesTheFirstThreeAcpiEventsOnly() {
    String acpi = event(1, 10, "0c00" + "11".repeat(48), "414350492044415441");
    Ccel log = ccel(acpi + event(1, 10, digest(), "00") + acpi + acpi + acpi + END);
    assertThat(log.toTdxEvents().stream().map(TdxEvent::name))
        .containsExactly("acpi-loader", "", "acpi-rsdp", "acpi-tables", "");
  }

  @Test
  void dropsRecordsOutsideTheRegistersAndCountsRegistersFromZero() {
    Ccel log = ccel(event(0, 4, digest(), "") + event(4, 4, digest(), "aa") + END);
    List<TdxEvent> events = log.toTdxEvents();
    assertThat(events).hasSize(1);
    assertThat(events.getFirst().imr()).isEqualTo(3);
    assertThat(events.getFirst().payload().hex()).isEqualTo("aa");
  }

  @Test
  void readsEveryKnownDigestLength() {
    String digests =
        "0400"
            + "01".repeat(20)
            + "0b00"
            + "02".repeat(32)
            + "0c00"
            + "03".repeat(48)
            + "0d00"
            + "04".repeat(64);
    Ccel log = ccel(le32(1) + le32(4) + le32(4) + digests + le32(0) + END);
    assertThat(log.events().getFirst().digests().stream().map(Bytes::length))
        .containsExactly(20, 32, 48, 64);
    assertThatThrownBy(log::toTdxEvents).hasMessage("expected 1 digest, got 4");
  }

  @Test
  void refusesARecordWithoutDigest() {
    Ccel log = ccel(le32(1) + le32(4) + le32(0) + le32(0) + END);
    assertThatThrownBy(log::toTdxEvents).hasMessage("expected 1 digest, got 0");
  }

  @Test
  void refusesAnUnknownAlgorithm() {
    assertRefused(
        SPEC_ID + le32(1) + le32(4) + le32(1) + "1200" + "00".repeat(32) + le32(0) + END,
        "Failed to parse event log: Unsupported algorithm ID");
  }

  @ParameterizedTest
  @ValueSource(longs = {65_537, 0x7fffffffL, 0xfffffffeL})
  void t11_refusesCountsAboveTheBoundWithoutAllocating(long count) {
    String bound = "VecOf length exceeds upper bound";
    assertRefused(SPEC_ID + le32(1) + le32(4) + le32(count), "Failed to parse event log: " + bound);
    assertRefused(
        SPEC_ID + le32(1) + le32(4) + le32(0) + le32(count), "Failed to parse event log: " + bound);
    assertRefused(
        le32(1) + le32(3) + "00".repeat(20) + le32(count),
        "Failed to parse spec id event: " + bound);
  }

  @Test
  void refusesEveryTruncationOfTheRealSample() {
    byte[] sample = Vectors.bytes("tdx/ccel_dstack.bin");
    assertThat(Ccel.parse(Bytes.of(sample, 0, 1937)).events()).hasSize(18);
    for (int length = 0; length < 1937; length++) {
      Bytes cut = Bytes.of(sample, 0, length);
      assertThatThrownBy(() -> Ccel.parse(cut)).isInstanceOf(RefusalException.class);
    }
  }

  @Test
  void saysThatTheEndMarkerIsMissing() {
    assertRefused(SPEC_ID, "Failed to parse event log: failed to decode imr");
    assertRefused(
        SPEC_ID + event(1, 4, digest(), ""), "Failed to parse event log: failed to decode imr");
  }

  private static Ccel ccel(String events) {
    return Ccel.parse(Bytes.fromHex(SPEC_ID + events));
  }

  private static void assertRefused(String hex, String text) {
    assertThatThrownBy(() -> Ccel.parse(Bytes.fromHex(hex)))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.code()).isEqualTo(EventLogRefusal.CCEL_MALFORMED))
        .hasMessage(text);
  }

  private static String replay(Ccel log, int register) {
    return RegisterReplay.sha384(
            log.toTdxEvents().stream()
                .filter(event -> event.imr() == register)
                .map(TdxEvent::digest)
                .toList())
        .hex();
  }

  private static String digest() {
    return "0c00" + "22".repeat(48);
  }

  private static String event(int imr, int type, String digest, String payload) {
    return le32(imr) + le32(type) + le32(1) + digest + le32(payload.length() / 2) + payload;
  }

  private static String le32(long value) {
    ByteBuffer buffer = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) value);
    return Bytes.of(buffer.array()).hex();
  }
}
