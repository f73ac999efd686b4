package dstack.kms.onboard.replication;

import dstack.kms.attest.evidence.CertificateEvidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.KmsExtensions;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.SpecialUsage;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/**
 * A server whose certificate says that it is a KMS and carries evidence that verified, whole, and
 * bound to the key that the handshake proved. Whether it may be a KMS is not decided by that.
 */
final class VerifiedSource {
  private static final int WITH_EXTENSIONS = 3;
  private static final String ADVICE =
      " (every release writes it unless it was told not to: let the source attest its certificate,"
          + " which versions before 0.5.9 call quote_enabled and later ones attest_rpc_cert, and"
          + " restart it)";

  private final ParsedCertificate certificate;
  private final VerifiedAttestation evidence;

  private VerifiedSource(ParsedCertificate certificate, VerifiedAttestation evidence) {
    this.certificate = certificate;
    this.evidence = evidence;
  }

  /**
   * Judges the certificate of a server; the cheap checks go first.
   *
   * @param der whose key the handshake proved
   * @throws RefusalException with a {@link ReplicationRefusal} or what verification refused
   */
  static VerifiedSource of(Bytes der, AttestationVerifier verifier, OwnKeys own) {
    ParsedCertificate certificate = readable(der);
    own.requireForeign(certificate.spki());
    UnverifiedAttestation claimed =
        CertificateEvidence.of(certificate)
            .orElseThrow(
                () ->
                    new RefusalException(
                        ReplicationRefusal.SOURCE_WITHOUT_EVIDENCE,
                        "Source KMS certificate does not contain attestation" + ADVICE));
    requireKms(certificate);
    own.requireForeign(claimed.reportData());
    VerifiedAttestation evidence = verifier.verifyBoundTo(claimed, certificate.spki());
    evidence.requireWhole();
    return new VerifiedSource(certificate, evidence);
  }

  /** The certificate; everything in it but key and evidence is its issuer's claim. */
  ParsedCertificate certificate() {
    return certificate;
  }

  /** The verified evidence. */
  VerifiedAttestation evidence() {
    return evidence;
  }

  private static ParsedCertificate readable(Bytes der) {
    ParsedCertificate certificate;
    try {
      certificate = ParsedCertificate.parse(der);
    } catch (RefusalException e) {
      throw unusable(e.text());
    }
    List<String> unknown = certificate.unknownCritical();
    if (!unknown.isEmpty()) {
      throw unusable("unknown critical extension " + String.join(" ", unknown));
    }
    if (certificate.version() != WITH_EXTENSIONS) {
      throw unusable("X.509 version " + certificate.version());
    }
    return certificate;
  }

  private static RefusalException unusable(String why) {
    return new RefusalException(
        ReplicationRefusal.SOURCE_CERTIFICATE, "Source KMS certificate cannot be used: " + why);
  }

  /** An application's certificate carries evidence too (T-18). */
  private static void requireKms(ParsedCertificate certificate) {
    String usage = new KmsExtensions(certificate).specialUsage().orElse("");
    if (!usage.equals(SpecialUsage.KMS_RPC.text())) {
      throw new RefusalException(
          ReplicationRefusal.SOURCE_USAGE,
          "Source KMS certificate is not that of a KMS: its usage is "
              + (usage.isEmpty() ? "missing" : '"' + Said.shown(usage) + '"')
              + ", expected "
              + SpecialUsage.KMS_RPC.text());
    }
  }
}
