package dstack.kms.attest.device.nsm;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.Refused;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The module's CBOR, against bytes written by hand after RFC 8949. */
class NsmMessagesTest {
  private static final ReportData DATA = new ReportData(Bytes.fromHex("5a".repeat(64)));

  @Test
  void asksForADocumentWithUserDataOnly() {
    assertThat(NsmMessages.attestationRequest(DATA).hex())
        .isEqualTo(
            "a1"
                + text("Attestation")
                + "a3"
                + text("user_data")
                + "5840"
                + "5a".repeat(64)
                + text("nonce")
                + "f6"
                + text("public_key")
                + "f6");
  }

  @Test
  void asksTheOtherQuestionsByTheirNames() {
    assertThat(NsmMessages.randomRequest().hex()).isEqualTo(text("GetRandom"));
    assertThat(NsmMessages.describeRequest().hex()).isEqualTo(text("DescribeNSM"));
  }

  @Test
  void findsTheDocument() {
    assertThat(
            NsmMessages.document(
                hex("a1" + text("Attestation") + "a1" + text("document") + "43010203")))
        .isEqualTo(Bytes.fromHex("010203"));
  }

  @Test
  void findsRandomBytes() {
    assertThat(NsmMessages.random(hex("a1" + text("GetRandom") + "a1" + text("random") + "41ff")))
        .isEqualTo(Bytes.fromHex("ff"));
  }

  @Test
  void readsTheDescription() {
    String response =
        "a1"
            + text("DescribeNSM")
            + "a7"
            + text("version_major")
            + "01"
            + text("version_minor")
            + "00"
            + text("version_patch")
            + "02"
            + text("module_id")
            + text("i-1-enc2")
            + text("max_pcrs")
            + "1820"
            + text("locked_pcrs")
            + "820001"
            + text("digest")
            + text("SHA384");

    assertThat(NsmMessages.description(hex(response)))
        .isEqualTo(new NsmDescription(1, 0, 2, "i-1-enc2", 32, List.of(0L, 1L), "SHA384"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"InvalidArgument", "BufferTooSmall", "InternalError"})
  void saysWhatTheModuleRefused(String error) {
    Refused.as(
            DeviceRefusal.NSM_FAILURE,
            () -> NsmMessages.document(hex("a1" + text("Error") + text(error))))
        .hasMessage("nsm failure: Attestation refused: " + error);
  }

  @ParameterizedTest
  @CsvSource({
    "'', malformed answer",
    "00, malformed answer: the answer is not a map",
    "a0, malformed answer",
    "a1654572726f7201, malformed answer: the error is not a text string",
    "a16b4174746573746174696f6ea0, malformed answer: missing field `document`",
    "a16b4174746573746174696f6e00, malformed answer: Attestation is not a map",
    "a16b4174746573746174696f6ea168646f63756d656e7440, malformed answer: empty document",
    "a16b4174746573746174696f6ea168646f63756d656e7400, malformed answer: document is not a byte"
        + " string",
    "a16b4174746573746174696f6ea168646f63756d656e744101ff, malformed answer: 1 bytes after",
    "a16947657452616e646f6da06130, malformed answer",
  })
  void refusesAnAnswerOfAnotherForm(String response, String text) {
    Refused.as(DeviceRefusal.NSM_FAILURE, () -> NsmMessages.document(hex(response)))
        .hasMessageStartingWith("nsm failure: " + text);
  }

  @Test
  void refusesAnAnswerToAnotherQuestion() {
    Bytes random = hex("a1" + text("GetRandom") + "a1" + text("random") + "41ff");

    Refused.as(DeviceRefusal.NSM_FAILURE, () -> NsmMessages.document(random));
    Refused.as(DeviceRefusal.NSM_FAILURE, () -> NsmMessages.description(random));
    Refused.as(
        DeviceRefusal.NSM_FAILURE,
        () -> NsmMessages.random(hex("a2" + text("GetRandom") + "a0" + text("x") + "a0")));
  }

  private static Bytes hex(String digits) {
    return Bytes.fromHex(digits);
  }

  private static String text(String text) {
    return String.format("%02x", 0x60 + text.length()) + Bytes.utf8(text).hex();
  }
}
