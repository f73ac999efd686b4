package dstack.kms.core.config;

/** Where this machine's own evidence comes from. */
public enum QuoteSourceKind implements ConfigWord {
  /** The guest agent's socket. */
  AGENT("agent");

  private final String word;

  QuoteSourceKind(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
