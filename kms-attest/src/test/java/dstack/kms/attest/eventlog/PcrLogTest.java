package dstack.kms.attest.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Vectors;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The boot log of a TPM (specification 14 §2.3) and the real one of Google's firmware. */
class PcrLogTest {
  private static final String REAL = "platforms/tpm/tpm_eventlog.bin";
  private static final String SIGNATURE = Bytes.utf8("Spec ID Event03\0").hex();
  private static final String SPEC_ID = specId(SIGNATURE);
  private static final String SHA256 = "0b00" + "22".repeat(32);
  private static final String SHA1 = "0400" + "11".repeat(20);
  private static final String END = "ffffffff";

  @Test
  void replaysTheRealLogToTheRegistersOfTheFirmware() {
    PcrLog log = PcrLog.parse(Bytes.of(Vectors.bytes(REAL)));
    List<PcrLog.Extension> extensions = log.sha256Digests();
    assertThat(log.events()).hasSize(45);
    assertThat(extensions).hasSize(43);
    assertThat(replay(extensions, 0))
        .isEqualTo("0cca9ec161b09288802e5a112255d21340ed5b797f5fe29cecccfd8f67b9f802");
    assertThat(replay(extensions, 2))
        .isEqualTo("1f74355f18d9aab3a26faa060d2058726554207d040c63d25d501d97f5a41e0f");
    assertThat(
            extensions.stream()
                .filter(each -> each.register() == 2)
                .map(each -> each.digest().hex().substring(0, 8)))
        .containsExactly("df3f6198", "00b8a357", "9ab14a46", "ade943a0");
  }

  @Test
  void leavesOutWhatExtendsNothing() {
    String log =
        SPEC_ID
            + record(0, 3, SHA256)
            + record(1, 4, SHA1)
            + record(2, 4, SHA1 + SHA256)
            + record(14, 4, SHA256);
    assertThat(PcrLog.parse(Bytes.fromHex(log)).sha256Digests())
        .extracting(PcrLog.Extension::register)
        .containsExactly(2L, 14L);
  }

  @Test
  void endsAtTheMarkerOrWhereNoRecordFits() {
    String one = SPEC_ID + record(0, 4, SHA256);
    assertThat(PcrLog.parse(Bytes.fromHex(one)).events()).hasSize(1);
    assertThat(PcrLog.parse(Bytes.fromHex(one + "000000")).events()).hasSize(1);
    assertThat(PcrLog.parse(Bytes.fromHex(one + END + "00".repeat(40))).events()).hasSize(1);
    assertThat(PcrLog.parse(Bytes.fromHex(SPEC_ID)).events()).isEmpty();
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of("", "failed to decode imr"),
        Arguments.of(
            specId(Bytes.utf8("Spec ID Event02\0").hex()),
            "the first record is no Spec ID Event03"),
        Arguments.of(SPEC_ID + "00000000", "failed to decode event type"),
        Arguments.of(
            SPEC_ID + "00000000" + "04000000" + "01000000" + "1200" + "00".repeat(32) + "00000000",
            "Unsupported algorithm ID"),
        Arguments.of(
            SPEC_ID + "00000000" + "04000000" + "01000100", "VecOf length exceeds upper bound"),
        Arguments.of(
            SPEC_ID + "00000000" + "04000000" + "00000000" + "01000100",
            "VecOf length exceeds upper bound"),
        Arguments.of(
            SPEC_ID + "00000000" + "04000000" + "00000000" + "01000000", "failed to decode event"),
        Arguments.of(
            SPEC_ID + ("00000000" + "04000000" + "00000000" + "00000000").repeat(4097),
            "too many events"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void t11_refusesLogsOfAnotherForm(String hex, String text) {
    assertThatThrownBy(() -> PcrLog.parse(Bytes.fromHex(hex)))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.code()).isEqualTo(EventLogRefusal.TPM_LOG_MALFORMED))
        .hasMessage(text);
  }

  @Test
  void refusesTheRealLogCutInsideARecord() {
    byte[] real = Vectors.bytes(REAL);
    int whole = 0;
    for (int length = 0; length < real.length; length++) {
      try {
        PcrLog.parse(Bytes.of(real, 0, length));
        whole++;
      } catch (RefusalException expected) {
        assertThat(expected.code()).isEqualTo(EventLogRefusal.TPM_LOG_MALFORMED);
      }
    }
    // A cut between two records cannot be told, nor one within the next three bytes.
    assertThat(whole).isEqualTo(45 * 4);
  }

  private static String replay(List<PcrLog.Extension> extensions, int register) {
    return RegisterReplay.sha256(
            extensions.stream()
                .filter(each -> each.register() == register)
                .map(PcrLog.Extension::digest)
                .toList())
        .hex();
  }

  private static String specId(String signature) {
    return "00000000"
        + "03000000"
        + "00".repeat(20)
        + "21000000"
        + signature
        + "00".repeat(8)
        + "01000000"
        + "0b002000"
        + "00";
  }

  private static String record(int register, int type, String digests) {
    int count = digests.length() > 68 ? 2 : 1;
    return "%02x000000%02x000000%02x000000%s02000000aabb".formatted(register, type, count, digests);
  }
}
