package dstack.kms.attest.gcp;

import dstack.kms.attest.evidence.TpmQuote;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.RefusalException;

/**
 * Verifies a TPM's quote under the key of the certificate that came with it (specification 14 §4
 * steps 1 to 7). Whose certificate that is, is a question of its own.
 */
final class TpmQuoteVerifier {
  private final SignatureVerifier signatures;

  TpmQuoteVerifier(SignatureVerifier signatures) {
    this.signatures = signatures;
  }

  /**
   * A quote whose signature holds under the key of its certificate.
   *
   * @param registers what was signed
   * @param ak whose key signed it; not followed to any root
   */
  record Signed(QuotedTpm registers, AkCertificate ak) {}

  Signed verify(TpmQuote quote) {
    QuotedTpm registers = QuotedTpm.read(quote);
    AkCertificate ak = AkCertificate.parse(quote.akCert());
    if (!ak.verifies(signature(quote, ak), quote.message(), signatures)) {
      throw GcpRefusal.SIGNATURE.because("signature verification failed");
    }
    return new Signed(registers, ak);
  }

  private static TpmtSignature signature(TpmQuote quote, AkCertificate ak) {
    try {
      return TpmtSignature.parse(quote.signature(), ak.scheme());
    } catch (RefusalException e) {
      throw e.within("signature verification error");
    }
  }
}
