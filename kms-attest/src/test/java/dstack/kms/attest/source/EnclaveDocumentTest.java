package dstack.kms.attest.source;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.Refused;
import dstack.kms.attest.evidence.NitroEnclaveEvidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.testkit.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an enclave reads from a real document. */
class EnclaveDocumentTest {
  private static UnverifiedAttestation real() {
    return UnverifiedAttestation.decode(
        Bytes.of(Vectors.bytes("platforms/nitro/dstack_v0_prod.bin")));
  }

  private static Bytes document() {
    return ((NitroEnclaveEvidence) real().evidence()).nsmQuote();
  }

  @Test
  void findsTheImageHashThatTheRealEnclaveSent() {
    EnclaveDocument read = EnclaveDocument.parse(document());

    assertThat(real().config()).isEqualTo("{\"os_image_hash\":\"" + read.imageHash() + "\"}");
    read.requireAbout(real().reportData());
  }

  @Test
  void refusesADocumentAboutOtherReportData() {
    Refused.as(
        DeviceRefusal.WRONG_REPORT_DATA,
        () -> EnclaveDocument.parse(document()).requireAbout(ReportData.ZERO));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 100, 4000, 4525})
  void refusesADocumentThatIsCutOff(int length) {
    Refused.as(DeviceRefusal.NSM_FAILURE, () -> EnclaveDocument.parse(document().slice(0, length)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00",
        "80",
        "8340a040",
        "8440a00040",
        "8440a041a040",
        "8440a041004140",
        "d08440a041a040"
      })
  void refusesADocumentOfAnotherForm(String document) {
    Refused.as(DeviceRefusal.NSM_FAILURE, () -> EnclaveDocument.parse(Bytes.fromHex(document)));
  }
}
