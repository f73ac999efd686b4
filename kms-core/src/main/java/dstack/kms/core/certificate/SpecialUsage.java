package dstack.kms.core.certificate;

/** What a certificate of the KMS hierarchy is for, as extension .4 says it. */
public enum SpecialUsage {
  /** The server certificate of a KMS; never issued on request. */
  KMS_RPC("kms:rpc"),
  /** The certificate authority of one application. */
  APP_CA("app:ca"),
  /** A certificate that an application asked for. */
  APP_CUSTOM("app:custom");

  private final String text;

  SpecialUsage(String text) {
    this.text = text;
  }

  /** The text in the extension. */
  public String text() {
    return text;
  }
}
