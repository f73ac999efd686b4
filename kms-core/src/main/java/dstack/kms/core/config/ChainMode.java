package dstack.kms.core.config;

/** How the chain is read: {@code core.auth_api.chain.mode}. */
public enum ChainMode implements ConfigWord {
  /** One endpoint is believed; the others stand in for it. */
  DIRECT("direct"),
  /** Several endpoints must give the same answer at the same block. */
  QUORUM("quorum"),
  /** The policy is read from storage that is proven to belong to a block. */
  PROOF("proof");

  private final String word;

  ChainMode(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
