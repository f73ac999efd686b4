package dstack.kms.core.config;

/** How evidence of this platform is judged: {@code [core.attestation.sev_snp]}. */
public record SnpEvidenceConfig() {
  static SnpEvidenceConfig read(Section section) {
    return new SnpEvidenceConfig();
  }
}
