package dstack.kms.core.config;

/** A vendor's root that a file may replace: the keys of {@code [core.attestation.root_ca]}. */
public enum TrustAnchor {
  TDX("tdx"),
  GCP_TPM("gcp_tpm"),
  AWS_NITRO_ENCLAVE("aws_nitro_enclave"),
  AWS_NITRO_TPM("aws_nitro_tpm"),
  SEV_SNP_MILAN("sev_snp_milan"),
  SEV_SNP_GENOA("sev_snp_genoa"),
  SEV_SNP_TURIN("sev_snp_turin");

  private final String key;

  TrustAnchor(String key) {
    this.key = key;
  }

  /** The key in the configuration. */
  public String key() {
    return key;
  }
}
