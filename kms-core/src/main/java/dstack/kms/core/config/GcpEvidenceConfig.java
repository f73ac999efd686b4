package dstack.kms.core.config;

/** How evidence of this platform is judged: {@code [core.attestation.gcp]}. */
public record GcpEvidenceConfig() {
  static GcpEvidenceConfig read(Section section) {
    return new GcpEvidenceConfig();
  }
}
