package dstack.kms.chain.endpoint;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why an endpoint's answer is of no use. */
public enum EndpointRefusal implements RefusalCode {
  /** It did not answer. */
  UNREACHABLE("endpoint-unreachable"),
  /** It answered with an error. */
  ERROR("endpoint-error"),
  /** It answered something else than was asked. */
  MALFORMED("endpoint-malformed");

  private final String code;

  EndpointRefusal(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public RefusalKind kind() {
    return RefusalKind.UNAVAILABLE;
  }

  RefusalException because(String text) {
    return new RefusalException(this, text);
  }
}
