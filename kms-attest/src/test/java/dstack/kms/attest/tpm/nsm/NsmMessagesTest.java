package dstack.kms.attest.tpm.nsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests and answers of the security module (specification 15 §6). */
class NsmMessagesTest {
  @Test
  void asksForADocumentOverTheReportData() {
    assertThat(NsmMessages.attestationRequest(ReportData.ZERO).hex())
        .isEqualTo(
            "a1"
                + text("Attestation")
                + "a3"
                + text("user_data")
                + "5840"
                + "00".repeat(64)
                + text("nonce")
                + "f6"
                + text("public_key")
                + "f6");
  }

  @Test
  void takesTheDocumentAtTheBeginningOfTheBuffer() {
    Bytes buffer = Bytes.fromHex(answer("43010203") + "ff".repeat(40));
    assertThat(NsmMessages.document(buffer).hex()).isEqualTo("010203");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a1654572726f726f496e76616c6964417267756d656e74 | NitroTPM NSM error response:"
            + " InvalidArgument",
        "'' | unexpected NitroTPM NSM response: CBOR ends early",
        "ffff | unexpected NitroTPM NSM response: CBOR item 0xff is not supported",
        "80 | unexpected NitroTPM NSM response: NSM answer is not a map",
        "a0 | unexpected NitroTPM NSM response: missing field `Attestation`",
        "a16b4174746573746174696f6ea0 | unexpected NitroTPM NSM response: missing field `document`",
        "a16b4174746573746174696f6ea168646f63756d656e7463616263 | unexpected NitroTPM NSM response:"
            + " document is not a byte string",
      })
  void refusesEveryOtherAnswer(String hex, String text) {
    assertThatThrownBy(() -> NsmMessages.document(Bytes.fromHex(hex)))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(TpmRefusal.SECURITY_MODULE))
        .hasMessage(text);
  }

  private static String answer(String document) {
    return "a1" + text("Attestation") + "a1" + text("document") + document;
  }

  private static String text(String ascii) {
    return "%02x".formatted(0x60 + ascii.length()) + Bytes.utf8(ascii);
  }
}
