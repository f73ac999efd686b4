package dstack.kms.core.config;

/** How evidence of this platform is judged: {@code [core.attestation.nitro]}. */
public record NitroEvidenceConfig() {
  static NitroEvidenceConfig read(Section section) {
    return new NitroEvidenceConfig();
  }
}
