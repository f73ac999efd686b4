package dstack.kms.onboard.certificates;

import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.source.QuoteSource;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;

/** Evidence of this machine over the key of one of its certificates. */
public final class KeyEvidence {
  private final QuoteSource quotes;
  private final String noQuote;

  /**
   * @param quotes attests this machine
   * @param noQuote the context of a refusal to attest
   */
  public KeyEvidence(QuoteSource quotes, String noQuote) {
    this.quotes = quotes;
    this.noQuote = noQuote;
  }

  /** Fresh evidence over the key, in the form for a certificate: bound to the key and stripped. */
  public Bytes over(P256PublicKey key) {
    ReportData binding = ReportData.ofCertificateKey(key.subjectPublicKeyInfo());
    Bytes raw;
    try {
      raw = quotes.attest(binding);
    } catch (RefusalException e) {
      throw e.within(noQuote);
    }
    try {
      return bound(UnverifiedAttestation.decode(raw), binding).stripped().encode();
    } catch (RefusalException e) {
      throw e.within("Invalid attestation");
    }
  }

  /** Evidence over another key would make every peer refuse the certificate. */
  private static UnverifiedAttestation bound(UnverifiedAttestation evidence, ReportData binding) {
    if (!evidence.reportData().equals(binding)) {
      throw new RefusalException(
          NodeCertificateRefusal.EVIDENCE_UNBOUND,
          "the evidence is not over the certificate's key");
    }
    return evidence;
  }
}
