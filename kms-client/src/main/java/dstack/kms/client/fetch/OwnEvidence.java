package dstack.kms.client.fetch;

import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.source.QuoteSource;
import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.Step;
import dstack.kms.core.reportdata.ReportData;

/** Fresh evidence of this machine, found to be over what it was asked for. */
record OwnEvidence(QuoteSource quotes) {
  /** In the form for a certificate: the event log reduced to what a verifier needs. */
  Bytes stripped(ReportData binding) {
    return attested(binding).stripped().encode();
  }

  /** As the source made it. */
  Bytes whole(ReportData binding) {
    return attested(binding).encode();
  }

  private UnverifiedAttestation attested(ReportData binding) {
    Bytes raw = Step.named("this machine has no evidence", () -> quotes.attest(binding));
    UnverifiedAttestation evidence = UnverifiedAttestation.decode(raw);
    if (!evidence.reportData().equals(binding)) {
      throw FetchRefusal.OWN_EVIDENCE.because(
          "the quote source gave evidence over other report data than it was asked for");
    }
    return evidence;
  }
}
