package dstack.kms.core.config;

/** Where this machine's own evidence comes from. */
public enum QuoteSourceKind implements ConfigWord {
  /** The guest agent's socket. */
  AGENT("agent"),
  /** The devices of an Intel TDX guest. */
  TDX("tdx"),
  /** The same and the vTPM of a Google Cloud machine. */
  GCP_TDX("gcp-tdx"),
  /** The security module of an AWS Nitro enclave. */
  NITRO("nitro"),
  /** The TPM of an EC2 instance. */
  NITRO_TPM("nitro-tpm"),
  /** The devices of an AMD SEV-SNP guest. */
  SEV_SNP("sev-snp");

  private final String word;

  QuoteSourceKind(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
