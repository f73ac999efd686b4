package dstack.kms.attest.verify;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.collateral.CollateralSource;
import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.dcap.TdxTrustAnchor;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.evidence.AttestationFile;
import dstack.kms.attest.evidence.ContainerVersion;
import dstack.kms.attest.evidence.Evidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.tdx.TdxVerifier;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.testkit.Vectors;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Real guests, and verifiers that know the real collateral of their time. */
final class Guests {
  static final UnverifiedAttestation A = attestation("tdx/dstack_attestation_v0.bin");
  static final UnverifiedAttestation B = attestation("tdx/dstack_quote_report.json");
  static final Instant NOW_A = Instant.ofEpochSecond(1_789_171_030L);
  static final Instant NOW_B = Instant.ofEpochSecond(1_774_003_274L);

  static final Collateral COLLATERAL_A = collateral("tdx/fmspc_B0C06F000000_2026-08");
  static final Collateral COLLATERAL_B = collateral("tdx/fmspc_90C06F000000_2026-02");

  private Guests() {}

  static UnverifiedAttestation attestation(String name) {
    return AttestationFile.parse(Bytes.of(Vectors.bytes(name)));
  }

  static AttestationVerifier verifierOfA() {
    return verifier(quote -> COLLATERAL_A, InstantSource.fixed(NOW_A));
  }

  static AttestationVerifier verifierOfB() {
    return verifier(quote -> COLLATERAL_B, InstantSource.fixed(NOW_B));
  }

  /** Verifies either guest at its own time. */
  static AttestationVerifier verifierOfBoth() {
    AtomicReference<Instant> now = new AtomicReference<>(NOW_A);
    Bytes reportDataOfA = A.claimedReportData();
    return verifier(
        quote -> {
          boolean isA = quote.report().reportData().equals(reportDataOfA);
          now.set(isA ? NOW_A : NOW_B);
          return isA ? COLLATERAL_A : COLLATERAL_B;
        },
        now::get);
  }

  static AttestationVerifier verifier(CollateralSource source, InstantSource clock) {
    QuoteVerifier quotes =
        new QuoteVerifier(TdxTrustAnchor.intel(), SignatureVerifiers.named("auto"));
    return new AttestationVerifier(
        PlatformVerifiers.onlyTdx(new TdxVerifier(quotes, source, clock)));
  }

  static UnverifiedAttestation changed(
      UnverifiedAttestation original, Evidence evidence, Bytes reportData, RuntimeEvents events) {
    return new UnverifiedAttestation(
        ContainerVersion.V1,
        evidence,
        reportData,
        events,
        original.config(),
        original.reportDataPayload());
  }

  static UnverifiedAttestation pod(UnverifiedAttestation original, Bytes reportData, String text) {
    return new UnverifiedAttestation(
        ContainerVersion.V1,
        original.evidence(),
        reportData,
        original.runtimeEvents(),
        original.config(),
        Optional.of(text));
  }

  private static Collateral collateral(String name) {
    return Collateral.fromJson(Vectors.text(name + ".collateral.json"));
  }
}
