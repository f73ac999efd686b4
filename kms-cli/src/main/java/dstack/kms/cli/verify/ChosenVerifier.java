package dstack.kms.cli.verify;

import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.evidence.GcpTdxEvidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.TrustRoots;
import dstack.kms.attest.verify.VerificationParts;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.AttestationConfig;
import dstack.kms.core.config.TrustAnchor;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.SignatureVerifiers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The verifier that the options of one command ask for, and what it was told to leave out. */
final class ChosenVerifier implements AutoCloseable {
  private final AttestationVerifier verifier;
  private final ChosenCollateral collateral;
  private final ChosenIssuers issuers;
  private final List<String> notes;

  private ChosenVerifier(
      AttestationVerifier verifier,
      ChosenCollateral collateral,
      ChosenIssuers issuers,
      List<String> notes) {
    this.verifier = verifier;
    this.collateral = collateral;
    this.issuers = issuers;
    this.notes = notes;
  }

  /** For that evidence; the system's clock counts unless the options name a time. */
  static ChosenVerifier of(
      VerificationOptions options,
      EvidenceOptions more,
      UnverifiedAttestation attestation,
      InstantSource clock) {
    InstantSource time = options.clock(clock);
    TpmTime tpm = tpmTime(options, more, attestation, time);
    SignatureVerifier signatures = SignatureVerifiers.named("auto");
    TrustRoots roots = roots(options, attestation, signatures);
    QuoteVerifier quotes = new QuoteVerifier(roots.tdx(), signatures);
    ChosenCollateral collateral = options.collateral(quotes, time);
    ChosenIssuers issuers = ChosenIssuers.of(options, more, time);
    VerificationParts parts =
        new VerificationParts(
            signatures,
            quotes,
            collateral,
            issuers.google(),
            issuers.amazon(),
            issuers.amd(),
            issuers.kds(),
            issuers.revocation(),
            Set::of,
            time,
            tpm.clock());
    return new ChosenVerifier(
        new AttestationVerifier(parts.under(roots, AttestationConfig.defaults())),
        collateral,
        issuers,
        tpm.notes());
  }

  /** When the attestation key is judged, and what is to be said about that. */
  private record TpmTime(InstantSource clock, List<String> notes) {}

  /**
   * Evidence cannot be older than its own certificate: where collateral of that day is not to be
   * had, the key is judged as of the day its certificate begins, and the answer says so.
   */
  private static TpmTime tpmTime(
      VerificationOptions options,
      EvidenceOptions more,
      UnverifiedAttestation attestation,
      InstantSource time) {
    if (more.hasTpmClock()
        || !options.isArchived()
        || !(attestation.evidence() instanceof GcpTdxEvidence gcp)) {
      return new TpmTime(more.tpmClock(time), List.of());
    }
    Instant begins = UnverifiedCertificate.parse(gcp.tpmQuote().akCert()).notBefore();
    if (!begins.isAfter(time.instant())) {
      return new TpmTime(time, List.of());
    }
    return new TpmTime(
        InstantSource.fixed(begins),
        List.of(
            "The attestation key of the virtual TPM was judged as of "
                + begins
                + ", when its certificate begins, and not as of --now."));
  }

  private static TrustRoots roots(
      VerificationOptions options,
      UnverifiedAttestation attestation,
      SignatureVerifier signatures) {
    Map<TrustAnchor, Bytes> external = new EnumMap<>(TrustAnchor.class);
    for (TrustAnchor anchor : TrustAnchor.values()) {
      options
          .root(anchor, isOwn(anchor, attestation))
          .ifPresent(file -> external.put(anchor, file));
    }
    return TrustRoots.replacing(external, signatures);
  }

  /** Whether a root without a name is meant for that place. */
  private static boolean isOwn(TrustAnchor anchor, UnverifiedAttestation attestation) {
    return switch (attestation.evidence().variant()) {
      case TDX -> anchor == TrustAnchor.TDX;
      case GCP_TDX -> anchor == TrustAnchor.GCP_TPM;
      case NITRO_ENCLAVE -> anchor == TrustAnchor.AWS_NITRO_ENCLAVE;
      case AWS_NITRO_TPM -> anchor == TrustAnchor.AWS_NITRO_TPM;
      case SEV_SNP ->
          anchor == TrustAnchor.SEV_SNP_MILAN
              || anchor == TrustAnchor.SEV_SNP_GENOA
              || anchor == TrustAnchor.SEV_SNP_TURIN;
    };
  }

  VerifiedAttestation verify(UnverifiedAttestation attestation) {
    return verifier.verify(attestation);
  }

  /** What was left out of the verification, a sentence each. */
  List<String> unchecked(VerifiedAttestation verified) {
    List<String> all = new ArrayList<>(notes);
    all.addAll(verified.platform().unchecked());
    return List.copyOf(all);
  }

  @Override
  public void close() {
    collateral.close();
    issuers.close();
  }
}
