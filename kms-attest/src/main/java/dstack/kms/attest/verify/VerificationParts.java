package dstack.kms.attest.verify;

import dstack.kms.attest.collateral.CollateralSource;
import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.issuer.IssuerDocuments;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.attest.snp.KdsSource;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.AttestationConfig;
import dstack.kms.core.crypto.SignatureVerifier;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What the verifiers of all platforms are made of, beside their roots.
 *
 * @param signatures checks signatures
 * @param quotes verifies quotes under Intel's root
 * @param collateral of quotes
 * @param google certificates and lists behind attestation keys of virtual TPMs
 * @param amazon lists behind Nitro documents
 * @param amd AMD's lists
 * @param kds AMD's certificates
 * @param revocation what a missing list means
 * @param ownKeyProviders the key providers that an app may pin beside the one in its events
 * @param clock the time at which evidence is judged
 * @param tpmClock the time at which attestation keys of virtual TPMs are judged; the same on a
 *     server
 */
public record VerificationParts(
    SignatureVerifier signatures,
    QuoteVerifier quotes,
    CollateralSource collateral,
    IssuerDocuments google,
    IssuerDocuments amazon,
    IssuerDocuments amd,
    KdsSource kds,
    RevocationRule revocation,
    Supplier<Set<Bytes>> ownKeyProviders,
    InstantSource clock,
    InstantSource tpmClock) {

  /** The verifier of every platform under these roots, as configured. */
  public PlatformVerifiers under(TrustRoots roots, AttestationConfig config) {
    return PlatformAssembly.of(this, roots, config);
  }
}
