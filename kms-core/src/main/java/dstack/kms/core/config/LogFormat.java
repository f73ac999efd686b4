package dstack.kms.core.config;

/** The form of a line in the log. */
public enum LogFormat implements ConfigWord {
  /** For people. */
  TEXT("text"),
  /** One JSON object each. */
  JSON("json");

  private final String word;

  LogFormat(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
