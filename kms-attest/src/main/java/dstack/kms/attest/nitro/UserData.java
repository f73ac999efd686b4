package dstack.kms.attest.nitro;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;

/** Ties a document to the key or text that the attestation is about (specification 15 §3). */
final class UserData {
  private UserData() {}

  /**
   * Refuses a document that is bound to something else, or to nothing.
   *
   * @param prefix how texts call the module, {@code NSM} or {@code NitroTPM}
   */
  static void require(VerifiedDocument document, ReportData claimed, String prefix) {
    Bytes userData =
        document
            .userData()
            .orElseThrow(
                () ->
                    NitroRefusal.REPORT_DATA.because(
                        prefix + " attestation document does not contain user_data"));
    if (!userData.equals(claimed.value())) {
      throw NitroRefusal.REPORT_DATA.because(prefix + " user_data does not match report_data");
    }
  }
}
