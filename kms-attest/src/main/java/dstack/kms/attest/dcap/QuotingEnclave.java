package dstack.kms.attest.dcap;

import dstack.kms.attest.quote.QuoteSignatureData;
import dstack.kms.attest.quote.SgxReport;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.SignatureVerifier;
import java.util.List;

/**
 * Steps 9 to 11: the quoting enclave's report, signed by the platform and vouching for the
 * attestation key.
 */
record QuotingEnclave(SgxReport report) {
  private static final int AUTH_DATA_LENGTH = 32;

  /** Steps 9 and 10. */
  static QuotingEnclave require(
      QuoteSignatureData data, P256PublicKey pckKey, SignatureVerifier verifier) {
    if (!verifier.verifiesP256Sha256(pckKey, data.qeReport(), data.qeReportSignature())) {
      throw DcapRefusal.QE_REPORT_SIGNATURE.refuse("Signature is invalid for qe_report in quote");
    }
    SgxReport report = SgxReport.of(data.qeReport());
    if (data.qeAuthData().length() != AUTH_DATA_LENGTH) {
      throw DcapRefusal.ATTESTATION_KEY.refuse("Invalid QE auth data length");
    }
    Bytes hash = Digests.sha256(data.attestationKey(), data.qeAuthData());
    if (!report.reportData().slice(0, hash.length()).equals(hash)) {
      throw DcapRefusal.ATTESTATION_KEY.refuse("QE report hash mismatch");
    }
    return new QuotingEnclave(report);
  }

  /** Step 11: the enclave is the one of the identity; the verdict on its security version. */
  TcbVerdict verdictUnder(QeIdentity identity) {
    requireEqual("MRSIGNER", identity.mrSigner(), report.mrSigner());
    if (report.isDebug()) {
      throw DcapRefusal.QE_POLICY
          .refuse("Debug mode is enabled")
          .within("QE report validation failed");
    }
    if (report.isvProdId() != identity.isvProdId()) {
      throw DcapRefusal.QE_POLICY.refuseWith(
          "QE ISVPRODID mismatch: expected %d, got %d", identity.isvProdId(), report.isvProdId());
    }
    requireMiscSelect(identity);
    requireAttributes(identity);
    return level(identity.tcbLevels());
  }

  private static void requireEqual(String field, Bytes expected, Bytes actual) {
    if (!expected.equals(actual)) {
      throw DcapRefusal.QE_POLICY.refuseWith(
          "QE %s mismatch: expected %s, got %s", field, Hex.upper(expected), Hex.upper(actual));
    }
  }

  private void requireMiscSelect(QeIdentity identity) {
    long mask = littleEndian(identity.miscSelectMask());
    long expected = littleEndian(identity.miscSelect()) & mask;
    long actual = report.miscSelect() & mask;
    if (expected != actual) {
      throw DcapRefusal.QE_POLICY.refuseWith(
          "QE MISCSELECT mismatch: expected %08X (masked), got %08X (masked)", expected, actual);
    }
  }

  private static long littleEndian(Bytes four) {
    return four.at(0) | four.at(1) << 8 | four.at(2) << 16 | (long) four.at(3) << 24;
  }

  private void requireAttributes(QeIdentity identity) {
    for (int i = 0; i < identity.attributes().length(); i++) {
      int mask = identity.attributesMask().at(i);
      int expected = identity.attributes().at(i) & mask;
      int actual = report.attributes().at(i) & mask;
      if (expected != actual) {
        throw DcapRefusal.QE_POLICY.refuseWith(
            "QE ATTRIBUTES mismatch at byte %d: expected %02X (masked), got %02X (masked)",
            i, expected, actual);
      }
    }
  }

  private TcbVerdict level(List<TcbInfo.SvnLevel> levels) {
    if (levels.isEmpty()) {
      throw DcapRefusal.QE_POLICY.refuse("No TCB levels found in QE Identity");
    }
    return levels.stream()
        .filter(level -> report.isvSvn() >= level.isvSvn())
        .findFirst()
        .map(TcbInfo.SvnLevel::verdict)
        .orElseThrow(
            () ->
                DcapRefusal.QE_POLICY.refuseWith(
                    "QE ISVSVN %d is below minimum required %d from QE Identity",
                    report.isvSvn(), levels.getLast().isvSvn()));
  }
}
