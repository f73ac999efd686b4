package dstack.kms.chain.endpoint;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why an endpoint is of no use to governance. */
public enum EndpointRefusal implements RefusalCode {
  /** It could not do what it was asked to. */
  ERROR("endpoint-error"),
  /** It serves another chain than is wanted, or than it named before. */
  CHAIN("endpoint-chain");

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
    return this == CHAIN ? RefusalKind.REFUSED : RefusalKind.UNAVAILABLE;
  }

  RefusalException because(String text) {
    return new RefusalException(this, text);
  }
}
