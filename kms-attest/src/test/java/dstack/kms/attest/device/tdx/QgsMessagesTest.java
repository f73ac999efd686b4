package dstack.kms.attest.device.tdx;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.Refused;
import dstack.kms.core.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The wire of the quote service, against the worked bytes of specification 13 §5. */
class QgsMessagesTest {
  private static final Bytes QUOTE = Bytes.fromHex("07".repeat(1020));

  @Test
  void writesTheWorkedHead() {
    Bytes report = Bytes.concat(Bytes.fromHex("81"), Bytes.zeros(1023));

    Bytes request = QgsMessages.request(report);

    assertThat(request.length()).isEqualTo(4 + 1048);
    assertThat(request.slice(0, 28).hex())
        .isEqualTo(
            "00000418"
                + "01000000"
                + "00000000"
                + "18040000"
                + "00000000"
                + "00040000"
                + "00000000");
    assertThat(request.slice(28, request.length())).isEqualTo(report);
  }

  @Test
  void findsTheQuoteBehindTheId() {
    assertThat(QgsMessages.quote(body(1, 0, Bytes.EMPTY, QUOTE))).isEqualTo(QUOTE);
    assertThat(QgsMessages.quote(body(1, 0, Bytes.zeros(16), QUOTE))).isEqualTo(QUOTE);
  }

  @ParameterizedTest
  @CsvSource({
    "00000018, 24",
    "00004000, 16384",
  })
  void takesALengthWithinItsBounds(String prefix, int length) {
    assertThat(QgsMessages.responseLength(Bytes.fromHex(prefix))).isEqualTo(length);
  }

  @ParameterizedTest
  @CsvSource({
    "00004001, response too large: 16385",
    "ffffffff, response too large: 4294967295",
    "80000000, response too large: 2147483648",
    "00000017, response too short: 23",
    "00000000, response too short: 0",
  })
  void refusesALengthOutsideThem(String prefix, String text) {
    Refused.as(DeviceRefusal.VSOCK_FAILURE, () -> QgsMessages.responseLength(Bytes.fromHex(prefix)))
        .hasMessage("vsock failure: " + text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, unexpected message type: 0",
    "2, 0, unexpected message type: 2",
    "-1, 0, unexpected message type: 4294967295",
    "1, 0x12001, QGS error code: 0x12001 (unexpected)",
    "1, 0x12002, QGS error code: 0x12002 (out of memory)",
    "1, 0x12003, QGS error code: 0x12003 (invalid parameter)",
    "1, 0x12004, QGS error code: 0x12004 (invalid version)",
    "1, 0x12005, QGS error code: 0x12005 (invalid type)",
    "1, 0x12006, QGS error code: 0x12006 (invalid size)",
    "1, 0x12007, QGS error code: 0x12007 (invalid code)",
    "1, 0x1, QGS error code: 0x1",
    "1, -1, QGS error code: 0xffffffff",
  })
  void refusesWhatTheServiceCallsAnError(int type, String error, String text) {
    Refused.as(
            DeviceRefusal.VSOCK_FAILURE,
            () -> QgsMessages.quote(body(type, Integer.decode(error), Bytes.EMPTY, QUOTE)))
        .hasMessage("vsock failure: " + text);
  }

  @Test
  void refusesAQuoteThatIsTooShortCutOffOrFollowed() {
    Bytes whole = body(1, 0, Bytes.EMPTY, QUOTE);
    Refused.as(
            DeviceRefusal.VSOCK_FAILURE,
            () -> QgsMessages.quote(body(1, 0, Bytes.EMPTY, Bytes.zeros(1019))))
        .hasMessage("vsock failure: quote too short");
    Refused.as(
            DeviceRefusal.VSOCK_FAILURE,
            () -> QgsMessages.quote(whole.slice(0, whole.length() - 1)))
        .hasMessageStartingWith("vsock failure: response truncated: ");
    Refused.as(
            DeviceRefusal.VSOCK_FAILURE,
            () -> QgsMessages.quote(Bytes.concat(whole, Bytes.zeros(1))))
        .hasMessageEndingWith("1 bytes after the quote");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 12, 23})
  void refusesAHeadThatIsCutOff(int length) {
    Refused.as(DeviceRefusal.VSOCK_FAILURE, () -> QgsMessages.quote(Bytes.zeros(length)))
        .hasMessage("vsock failure: response too short: " + length);
  }

  @ParameterizedTest
  @CsvSource({"16, ffffffff", "20, ffffffff", "16, ffffff7f", "20, 00000080"})
  void refusesSizesThatOverflow(int at, String size) {
    Bytes whole = body(1, 0, Bytes.EMPTY, QUOTE);
    Bytes forged =
        Bytes.concat(whole.slice(0, at), Bytes.fromHex(size), whole.slice(at + 4, whole.length()));

    Refused.as(DeviceRefusal.VSOCK_FAILURE, () -> QgsMessages.quote(forged))
        .hasMessageContaining("response truncated");
  }

  private static Bytes body(int type, int error, Bytes id, Bytes quote) {
    Bytes answer = FakeQgs.answer(type, error, id, quote);
    return answer.slice(4, answer.length());
  }
}
