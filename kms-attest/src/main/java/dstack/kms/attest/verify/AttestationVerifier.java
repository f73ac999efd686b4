package dstack.kms.attest.verify;

import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.platform.Claims;
import dstack.kms.attest.platform.VerifiedPlatform;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;

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

  private final PlatformVerifiers platforms;

  /** A verifier of the platforms that these take. */
  public AttestationVerifier(PlatformVerifiers platforms) {
    this.platforms = platforms;
  }

  /**
   * Verifies evidence that must be bound to a key: the report data is that of the subject public
   * key info, compared before anything goes over the network; {@code report data mismatch} if not.
   *
   * @param subjectPublicKeyInfo DER exactly as it stands in the certificate or request
   */
  public VerifiedAttestation verifyBoundTo(
      UnverifiedAttestation attestation, Bytes subjectPublicKeyInfo) {
    return verifyOver(attestation, ReportData.ofCertificateKey(subjectPublicKeyInfo));
  }

  /**
   * Verifies evidence that must be over exactly this report data, compared before anything goes
   * over the network; {@code report data mismatch} if not.
   */
  public VerifiedAttestation verifyOver(UnverifiedAttestation attestation, ReportData expected) {
    if (!attestation.reportData().equals(expected)) {
      throw new RefusalException(VerifyRefusal.KEY_BINDING, "report data mismatch");
    }
    return verify(attestation);
  }

  /** Verifies evidence whatever it is bound to; the caller looks at the report data. */
  public VerifiedAttestation verify(UnverifiedAttestation attestation) {
    requirePayloadBinding(attestation);
    ReportData reportData = attestation.reportData();
    Claims claims = new Claims(reportData, attestation.runtimeEvents(), attestation.config());
    VerifiedPlatform verified = platforms.verify(attestation.evidence(), claims);
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
}
