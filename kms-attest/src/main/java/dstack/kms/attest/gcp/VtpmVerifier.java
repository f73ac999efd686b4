package dstack.kms.attest.gcp;

import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.evidence.TpmQuote;
import dstack.kms.attest.issuer.VerifiedChain;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.config.GcpEvidenceConfig;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.RefusalException;
import java.util.Optional;

/**
 * The TPM half of the evidence, in the order of specification 14 §4, but for the chain of the
 * attestation key: it comes last, because it may mean questions to addresses that the certificate
 * itself names, and nobody else's evidence shall cause any.
 */
final class VtpmVerifier {
  /** The context of every step but fetching. */
  static final String STEPS = "verification failed";

  private static final String QUOTE = "failed to verify TPM quote";

  private final TpmQuoteVerifier quotes;
  private final AttestationKeyChain chains;
  private final InstanceRule instances;

  VtpmVerifier(AttestationKeyChain chains, SignatureVerifier signatures, GcpEvidenceConfig config) {
    this.quotes = new TpmQuoteVerifier(signatures);
    this.chains = chains;
    this.instances = new InstanceRule(config);
  }

  /**
   * Verifies that a TPM under the root measured these events and signed over this quote.
   *
   * @param tdxQuote all bytes of the TDX quote, padding included
   */
  VerifiedVtpm verify(TpmQuote quote, Bytes tdxQuote, RuntimeEvents events) {
    TpmQuoteVerifier.Signed signed = requireSigned(quote);
    requireQualifyingData(signed.registers(), tdxQuote);
    requireRuntimeRegister(signed.registers(), events);
    VerifiedChain chain = requireTrusted(signed.ak());
    Optional<GcpInstance> instance = GcpInstance.of(chain.leaf());
    instances.require(instance);
    return new VerifiedVtpm(signed.registers(), instance, chain.unchecked());
  }

  private TpmQuoteVerifier.Signed requireSigned(TpmQuote quote) {
    try {
      return quotes.verify(quote);
    } catch (RefusalException e) {
      throw e.within(STEPS).within(QUOTE);
    }
  }

  private static void requireQualifyingData(QuotedTpm registers, Bytes tdxQuote) {
    if (!registers.qualifyingData().equals(Digests.sha256(tdxQuote))) {
      throw GcpRefusal.QUALIFYING_DATA.because("tpm qualified_data mismatch");
    }
  }

  private static void requireRuntimeRegister(QuotedTpm registers, RuntimeEvents events) {
    Bytes replayed = events.replaySha256();
    if (!registers.pcr14().equals(replayed)) {
      throw GcpRefusal.RUNTIME_PCR.because(
          "PCR14 mismatch, quoted: " + registers.pcr14() + ", replayed: " + replayed);
    }
  }

  private VerifiedChain requireTrusted(AkCertificate ak) {
    try {
      return chains.verify(ak.certificate());
    } catch (RefusalException e) {
      throw e.within(QUOTE);
    }
  }
}
