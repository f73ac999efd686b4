package dstack.kms.core.config;

/** Which implementation of TLS serves the main listener. */
public enum TlsEngine implements ConfigWord {
  /** BoringSSL where it loads, otherwise the JDK's. */
  AUTO("auto"),
  /** BoringSSL or nothing. */
  BORINGSSL("boringssl"),
  /** The JDK's. */
  JDK("jdk");

  private final String word;

  TlsEngine(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
