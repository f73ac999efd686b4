package dstack.kms.attest.quote;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.refusal.RefusalException;

/**
 * What follows the signed part of a quote (specification 11 §3). None of it is signed as a whole.
 *
 * @param signature over the signed range, by the attestation key
 * @param attestationKey X and Y, 64 bytes; whether it is a point is for the verification
 * @param qeReport the quoting enclave's report, 384 bytes
 * @param qeReportSignature over the quoting enclave's report, by the PCK key
 * @param qeAuthData what the quoting enclave hashed together with the attestation key
 * @param certification the innermost certification data
 */
public record QuoteSignatureData(
    EcdsaSignature signature,
    Bytes attestationKey,
    Bytes qeReport,
    EcdsaSignature qeReportSignature,
    Bytes qeAuthData,
    CertificationData certification) {

  /** Reads the signature data of a quote of version 3. */
  static QuoteSignatureData readV3(QuoteReader in) {
    return readQeReport(new EcdsaSignature(in.bytes(64)), in.bytes(64), in);
  }

  /** Reads the signature data of version 4 and 5: the report lies inside certification data. */
  static QuoteSignatureData readV4(QuoteReader in) {
    EcdsaSignature signature = new EcdsaSignature(in.bytes(64));
    Bytes attestationKey = in.bytes(64);
    CertificationData outer = CertificationData.read(in);
    if (outer.type() != CertificationData.QE_REPORT) {
      throw new RefusalException(
          QuoteRefusal.MALFORMED, "Unsupported outer certification data type: " + outer.type());
    }
    return readQeReport(signature, attestationKey, new QuoteReader(outer.data()));
  }

  private static QuoteSignatureData readQeReport(
      EcdsaSignature signature, Bytes attestationKey, QuoteReader in) {
    return new QuoteSignatureData(
        signature,
        attestationKey,
        in.bytes(SgxReport.LENGTH),
        new EcdsaSignature(in.bytes(64)),
        in.dataOfU16(),
        CertificationData.read(in));
  }
}
