package dstack.kms.attest.gcp;

import dstack.kms.attest.issuer.ChainVerifier;
import dstack.kms.attest.issuer.IssuerDocuments;
import dstack.kms.attest.issuer.IssuerRefusal;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.attest.issuer.VerifiedChain;
import dstack.kms.attest.x509.PathRules;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.RefusalException;
import java.time.InstantSource;
import java.util.List;

/**
 * Follows an attestation key's certificate to the root (specification 14 §4 steps 0 and 8).
 *
 * <p>Stricter than the original: the certificate has to say that its key signs data and nothing
 * else, so that an endorsement key's is not taken; a certificate that names a revocation list needs
 * it; issuers that are not known are only sought after everything else held, and at most four.
 */
public final class AttestationKeyChain {
  private final ChainVerifier chains;
  private final List<Bytes> intermediates;
  private final InstantSource clock;

  /**
   * Chains to that root.
   *
   * @param documents where revocation lists and unknown issuers are had from
   * @param clock the instant at which certificates and lists have to be in force
   */
  public AttestationKeyChain(
      GcpTrustAnchor root,
      IssuerDocuments documents,
      RevocationRule revocation,
      SignatureVerifier signatures,
      InstantSource clock) {
    this.chains =
        ChainVerifier.of(
                root.anchor(), PathRules.gcpAttestationKey(), documents, revocation, signatures)
            .completing();
    this.intermediates = root.intermediates();
    this.clock = clock;
  }

  VerifiedChain verify(UnverifiedCertificate ak) {
    try {
      return chains.verify(ak, intermediates, clock.instant());
    } catch (RefusalException e) {
      throw within(e);
    }
  }

  /** The original fetches documents before it verifies anything, so the context is another. */
  private static RefusalException within(RefusalException e) {
    return e.code() instanceof IssuerRefusal
        ? e
        : e.within("certificate chain verification failed")
            .within("AK certificate chain verification error")
            .within(VtpmVerifier.STEPS);
  }
}
