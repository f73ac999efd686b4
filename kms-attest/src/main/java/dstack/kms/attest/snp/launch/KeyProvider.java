package dstack.kms.attest.snp.launch;

/** Who gives a guest its keys. */
public enum KeyProvider {
  NONE("none", "none"),
  KMS("kms", "kms"),
  LOCAL("local", "local-sgx"),
  TPM("tpm", "tpm");

  private final String name;
  private final String infoName;

  KeyProvider(String name, String infoName) {
    this.name = name;
    this.infoName = infoName;
  }

  static KeyProvider named(String name) {
    for (KeyProvider provider : values()) {
      if (provider.name.equals(name)) {
        return provider;
      }
    }
    throw LaunchRefusal.MR_CONFIG.because("mr_config.key_provider is unknown");
  }

  /** The name in the key provider's information. */
  String infoName() {
    return infoName;
  }
}
