package dstack.kms.attest.verify;

import dstack.kms.attest.collateral.CollateralSource;
import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.evidence.Evidence;
import dstack.kms.attest.evidence.GcpTdxEvidence;
import dstack.kms.attest.evidence.NitroEnclaveEvidence;
import dstack.kms.attest.evidence.NitroTpmEvidence;
import dstack.kms.attest.evidence.SevSnpEvidence;
import dstack.kms.attest.evidence.TdxEvidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.time.InstantSource;

/**
 * Verifies attestations (specification 10 §7). Every check that fails refuses; the last line of
 * {@link #verify} is the only place that makes a verified one. Safe for use by many threads.
 *
 * <p>Blocks while collateral is fetched, and each call costs signature verifications: not for event
 * loops. That collateral could not be had is a refusal of kind {@code UNAVAILABLE} with a code of
 * its own; every other refusal says that the evidence is not good.
 */
public final class AttestationVerifier {
  private static final Bytes APP_DATA_TAG = Bytes.utf8("app-data:");

  private final TdxLadder tdx;

  /** A verifier of TDX evidence under the anchor of the quote verifier. */
  public AttestationVerifier(
      QuoteVerifier quoteVerifier, CollateralSource collateralSource, InstantSource clock) {
    tdx = new TdxLadder(quoteVerifier, collateralSource, clock);
  }

  /**
   * Verifies evidence that must be bound to a key: the report data is that of the subject public
   * key info, compared before anything goes over the network; {@code report data mismatch} if not.
   *
   * @param subjectPublicKeyInfo DER exactly as it stands in the certificate or request
   */
  public VerifiedAttestation verifyBoundTo(
      UnverifiedAttestation attestation, Bytes subjectPublicKeyInfo) {
    ReportData expected = ReportData.ofCertificateKey(subjectPublicKeyInfo);
    if (!attestation.reportData().equals(expected)) {
      throw new RefusalException(VerifyRefusal.KEY_BINDING, "report data mismatch");
    }
    return verify(attestation);
  }

  /** Verifies evidence whatever it is bound to; the caller looks at the report data. */
  public VerifiedAttestation verify(UnverifiedAttestation attestation) {
    requirePayloadBinding(attestation);
    ReportData reportData = attestation.reportData();
    TdxEvidence evidence = requireSupported(attestation.evidence());
    VerifiedTdx verified = tdx.climb(evidence, attestation.runtimeEvents(), reportData);
    return new VerifiedAttestation(attestation, reportData, verified);
  }

  private static void requirePayloadBinding(UnverifiedAttestation attestation) {
    if (attestation.reportDataPayload().isEmpty()) {
      return;
    }
    Bytes payload = Bytes.utf8(attestation.reportDataPayload().get());
    if (!attestation.reportData().value().equals(Digests.sha512(APP_DATA_TAG, payload))) {
      throw new RefusalException(
          VerifyRefusal.PAYLOAD_BINDING, "report_data does not match report_data_payload");
    }
  }

  private static TdxEvidence requireSupported(Evidence evidence) {
    return switch (evidence) {
      case TdxEvidence tdx -> tdx;
      case GcpTdxEvidence _, NitroEnclaveEvidence _, SevSnpEvidence _, NitroTpmEvidence _ ->
          throw new RefusalException(
              VerifyRefusal.PLATFORM_NOT_SUPPORTED,
              "attestation of platform "
                  + evidence.variant().wireName()
                  + " cannot be verified by this server");
    };
  }
}
