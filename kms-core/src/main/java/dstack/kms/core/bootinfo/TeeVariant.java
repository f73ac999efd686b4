package dstack.kms.core.bootinfo;

import java.util.Optional;

/** The kind of trusted execution environment, with its name on the wire (specification 10 §2). */
public enum TeeVariant {
  TDX("dstack-tdx"),
  GCP_TDX("dstack-gcp-tdx"),
  NITRO_ENCLAVE("dstack-nitro-enclave"),
  SEV_SNP("dstack-amd-sev-snp"),
  AWS_NITRO_TPM("dstack-aws-nitro-tpm");

  private final String wireName;

  TeeVariant(String wireName) {
    this.wireName = wireName;
  }

  /** The name in JSON and in requests to an authority. */
  public String wireName() {
    return wireName;
  }

  /** The variant of that name on the wire. */
  public static Optional<TeeVariant> ofWireName(String name) {
    for (TeeVariant variant : values()) {
      if (variant.wireName.equals(name)) {
        return Optional.of(variant);
      }
    }
    return Optional.empty();
  }
}
