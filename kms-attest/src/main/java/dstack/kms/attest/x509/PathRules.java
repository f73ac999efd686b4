package dstack.kms.attest.x509;

import dstack.kms.core.refusal.RefusalException;
import java.util.Optional;
import java.util.Set;

/**
 * What a hierarchy's certificates must say to be taken for its purpose. In every hierarchy besides:
 * dates, strict DER, no unknown critical extension, CA flag and keyCertSign of intermediates, path
 * lengths, signatures.
 *
 * @param algorithms with which certificates may be signed
 * @param purpose what every certificate below the anchor that has an extendedKeyUsage must list
 *     there; empty if that extension is not looked at
 * @param maxAuthorities how many certificates may stand between the end entity and the anchor
 * @param leafUsage what the end entity's keyUsage must say
 */
public record PathRules(
    Set<CertificateAlgorithm> algorithms,
    Optional<String> purpose,
    int maxAuthorities,
    LeafUsage leafUsage) {
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final String TPM_ATTESTATION_KEY = "2.23.133.8.1";

  /** Copies the algorithms. */
  public PathRules {
    algorithms = Set.copyOf(algorithms);
  }

  /** Intel's hierarchy behind quotes and collateral (specification 11 §7). */
  public static PathRules tdx() {
    return new PathRules(
        Set.of(CertificateAlgorithm.ECDSA_SHA256),
        Optional.of(SERVER_AUTH),
        3,
        LeafUsage.NOT_ASKED);
  }

  /** Google's hierarchy behind vTPM attestation keys (specification 14 §4 step 8, §11.6). */
  public static PathRules gcpAttestationKey() {
    return new PathRules(
        Set.of(
            CertificateAlgorithm.RSA_SHA256,
            CertificateAlgorithm.RSA_SHA384,
            CertificateAlgorithm.ECDSA_SHA256,
            CertificateAlgorithm.ECDSA_SHA384),
        Optional.of(TPM_ATTESTATION_KEY),
        4,
        LeafUsage.SIGNATURE);
  }

  /** Amazon's hierarchy behind attestation documents (specification 15 §2 step 7, §11.4). */
  public static PathRules nitro() {
    return new PathRules(
        Set.of(CertificateAlgorithm.ECDSA_SHA384),
        Optional.of(CLIENT_AUTH),
        4,
        LeafUsage.SIGNATURE);
  }

  /** AMD's hierarchy behind chip endorsement keys: ARK, ASK, VCEK (specification 16 §3). */
  public static PathRules sevSnp() {
    return new PathRules(
        Set.of(CertificateAlgorithm.RSA_PSS_SHA384), Optional.empty(), 1, LeafUsage.NOT_ASKED);
  }

  /** An operator's own hierarchy in the place of AMD's, which may also sign with P-384. */
  public static PathRules sevSnpExternal() {
    return new PathRules(
        Set.of(CertificateAlgorithm.RSA_PSS_SHA384, CertificateAlgorithm.ECDSA_SHA384),
        Optional.empty(),
        1,
        LeafUsage.NOT_ASKED);
  }

  void requireEndEntity(UnverifiedCertificate certificate) {
    if (certificate.isCa()) {
      throw refusal("CaUsedAsEndEntity");
    }
    requirePurpose(certificate);
    if (!leafUsage.allows(certificate.purposes())) {
      throw refusal("LeafNotForSignatures");
    }
  }

  /** Checks an authority below which so many other authorities stand in the path. */
  void requireAuthority(UnverifiedCertificate certificate, long authoritiesBelow) {
    KeyPurposes purposes = certificate.purposes();
    if (!purposes.isCa()) {
      throw refusal("EndEntityUsedAsCa");
    }
    if (purposes.pathLength() >= 0 && authoritiesBelow > purposes.pathLength()) {
      throw refusal("PathLenConstraintViolated");
    }
    if (!purposes.signsCertificates()) {
      throw refusal("IssuerNotCertSigner");
    }
    requirePurpose(certificate);
  }

  private void requirePurpose(UnverifiedCertificate certificate) {
    if (purpose.isPresent() && !certificate.purposes().allows(purpose.get())) {
      throw refusal("RequiredEkuNotFound");
    }
  }

  private static RefusalException refusal(String text) {
    return new RefusalException(PathRefusal.USAGE, text);
  }
}
