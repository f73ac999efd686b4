package dstack.kms.rpc.limit;

/** Which limit a request ran into. */
public enum Limit {
  /** All requests together. */
  TOTAL("total"),
  /** Those of one address. */
  ADDRESS("address"),
  /** Those of one app. */
  APP("app");

  private final String word;

  Limit(String word) {
    this.word = word;
  }

  /** The name in metrics. */
  public String word() {
    return word;
  }
}
