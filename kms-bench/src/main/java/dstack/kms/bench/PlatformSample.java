package dstack.kms.bench;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.collateral.CollateralSource;
import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.evidence.AttestationFile;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.issuer.GivenIssuerDocuments;
import dstack.kms.attest.issuer.IssuerDocuments;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.attest.snp.GivenKds;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.TrustRoots;
import dstack.kms.attest.verify.VerificationParts;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.AttestationConfig;
import dstack.kms.core.crypto.SignatureVerifier;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Evidence with all that its verification needs, in memory: nobody is asked for anything.
 *
 * @param roots under which it verifies
 * @param collateral of its TDX quote, if it has one
 * @param documents certificates and lists of issuers, DER
 * @param revocation what a missing list means
 * @param now an instant at which everything holds
 */
record PlatformSample(
    UnverifiedAttestation attestation,
    TrustRoots roots,
    CollateralSource collateral,
    List<Bytes> documents,
    RevocationRule revocation,
    Instant now) {
  static PlatformSample of(BenchedPlatform platform) {
    return switch (platform) {
      case GCP_TDX -> SimulatedSample.gcpTdx();
      case NITRO ->
          real("platforms/nitro/dstack_v0_prod.bin", Instant.ofEpochMilli(1_766_678_659_346L));
      case NITRO_TPM -> SimulatedSample.nitroTpm();
      case SEV_SNP ->
          real("platforms/snp/sev-snp-attestation.json", Instant.parse("2026-11-01T00:00:00Z"));
    };
  }

  /** There are no real lists of the times of these, so that they are missing is only reported. */
  private static PlatformSample real(String file, Instant now) {
    return new PlatformSample(
        AttestationFile.parse(QuoteSample.bytes(file)),
        TrustRoots.vendors(),
        PlatformSample::noCollateral,
        List.of(),
        RevocationRule.REPORTED,
        now);
  }

  private static Collateral noCollateral(Object quote) {
    throw new IllegalStateException("this platform has no TDX quotes: " + quote);
  }

  /** A verifier as a server has it, which has verified nothing yet. */
  AttestationVerifier verifier(SignatureVerifier signatures, AttestationConfig config) {
    IssuerDocuments issuers = new GivenIssuerDocuments(documents);
    InstantSource clock = InstantSource.fixed(now);
    VerificationParts parts =
        new VerificationParts(
            signatures,
            new QuoteVerifier(roots.tdx(), signatures),
            collateral,
            issuers,
            issuers,
            issuers,
            new GivenKds(Optional.empty(), Optional.empty()),
            revocation,
            Set::of,
            clock,
            clock);
    return new AttestationVerifier(parts.under(roots, config));
  }
}
