package dstack.kms.core.config;

/** Which provider verifies signatures. */
public enum CryptoProvider implements ConfigWord {
  /** Amazon Corretto Crypto Provider where it loads, otherwise Bouncy Castle. */
  AUTO("auto"),
  /** Amazon Corretto Crypto Provider or nothing. */
  ACCP("ACCP"),
  /** Bouncy Castle, pure Java. */
  BC("BC");

  private final String word;

  CryptoProvider(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
