package dstack.kms.client.trust;

import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.evidence.CertificateEvidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.Step;

/**
 * Judges a KMS by the evidence in its certificate and by the word of an authority, as nodes judge
 * the source that they replicate from.
 *
 * @param verifier of the evidence
 * @param authority decides whether the machine may be a KMS
 */
public record KmsJudge(AttestationVerifier verifier, Authority authority) {
  /**
   * Refuses the server of this certificate unless its evidence verifies, is bound to the key, and
   * is that of a machine that may be a KMS.
   */
  void require(ParsedCertificate certificate) {
    UnverifiedAttestation claimed =
        CertificateEvidence.of(certificate)
            .orElseThrow(
                () ->
                    FetchRefusal.KMS_WITHOUT_EVIDENCE.because(
                        "the KMS's certificate carries no evidence (attest_rpc_cert is off"
                            + " there)"));
    VerifiedAttestation evidence =
        Step.named(
            "the KMS's evidence does not hold",
            () -> verifier.verifyBoundTo(claimed, certificate.spki()));
    evidence.requireWhole();
    Decision decision = authority.decideKms(evidence.bootInfo("", MeasurementPoint.RUNTIME));
    switch (decision) {
      case Decision.Allowed _ -> {}
      case Decision.Undecided undecided ->
          throw undecided.why().within("the authority cannot say whether this is a KMS");
      case Decision.Denied denied ->
          throw new RefusalException(
              FetchRefusal.KMS_NOT_ALLOWED,
              "the authority does not allow this machine to be a KMS: " + denied.reason());
    }
  }
}
