package dstack.kms.cli.authapi;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why the service does not start, or does not ask about a question. */
public enum AuthApiRefusal implements RefusalCode {
  /** The address is none, or is taken. */
  ADDRESS("auth-api-address"),
  /** A certificate or a key cannot be read, or one is there without the other. */
  TLS("auth-api-tls"),
  /** A field of a question is shorter than its width (T-13). */
  WIDTH("auth-api-width");

  private final String code;

  AuthApiRefusal(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public RefusalKind kind() {
    return RefusalKind.INVALID;
  }
}
