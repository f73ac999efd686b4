package dstack.kms.attest.gcp;

import dstack.kms.attest.evidence.GcpTdxEvidence;
import dstack.kms.attest.evidence.TdxEvidence;
import dstack.kms.attest.platform.Claims;
import dstack.kms.attest.platform.PlatformVerifier;
import dstack.kms.attest.tdx.TdxVerifier;
import dstack.kms.attest.tdx.VerifiedTdx;
import dstack.kms.core.config.GcpEvidenceConfig;
import dstack.kms.core.crypto.SignatureVerifier;

/**
 * Verifies the evidence of TDX guests on Google Cloud: the TDX half as a whole, with its policy,
 * its events and its log, then the TPM half (specification 14 §4).
 */
public final class GcpTdxVerifier implements PlatformVerifier<GcpTdxEvidence> {
  private final TdxVerifier tdx;
  private final VtpmVerifier vtpm;

  /**
   * A verifier of both halves.
   *
   * @param chains where attestation keys must lead to
   * @param config which machines the operator accepts
   */
  public GcpTdxVerifier(
      TdxVerifier tdx,
      AttestationKeyChain chains,
      SignatureVerifier signatures,
      GcpEvidenceConfig config) {
    this.tdx = tdx;
    this.vtpm = new VtpmVerifier(chains, signatures, config);
  }

  @Override
  public VerifiedGcpTdx verify(GcpTdxEvidence evidence, Claims claims) {
    TdxEvidence domain = new TdxEvidence(evidence.quote(), evidence.eventLog());
    VerifiedTdx verifiedDomain = tdx.verify(domain, claims);
    VerifiedVtpm verifiedVtpm =
        vtpm.verify(evidence.tpmQuote(), evidence.quote(), claims.runtimeEvents());
    return new VerifiedGcpTdx(verifiedDomain, verifiedVtpm, claims);
  }
}
