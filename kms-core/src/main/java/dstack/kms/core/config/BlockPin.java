package dstack.kms.core.config;

/** How a read is tied to its block: {@code core.auth_api.chain.pin}. */
public enum BlockPin implements ConfigWord {
  /** By hash, which must be part of the chain (EIP-1898). */
  HASH("hash"),
  /** By height, with the header read in the same exchange; for endpoints without EIP-1898. */
  NUMBER("number");

  private final String word;

  BlockPin(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
