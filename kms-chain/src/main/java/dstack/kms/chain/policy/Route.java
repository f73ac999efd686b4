package dstack.kms.chain.policy;

import dstack.kms.core.bytes.Bytes;

/** Which of the contract's two decision functions is asked. */
public enum Route {
  /** Whether an application may have its keys. */
  APP("app", "1e079198"),
  /** Whether a node may act as a KMS. */
  KMS("kms", "e067ec9d");

  private final String word;
  private final Bytes selector;

  Route(String word, String selector) {
    this.word = word;
    this.selector = Bytes.fromHex(selector);
  }

  /** As logs and metrics have it. */
  public String word() {
    return word;
  }

  /** The function's 4 bytes: of {@code isAppAllowed} and {@code isKmsAllowed}. */
  public Bytes selector() {
    return selector;
  }
}
