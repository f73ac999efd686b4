package dstack.kms.attest.verify;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/**
 * Why evidence is not believed, beside the reasons that the parts of its verification name
 * themselves. Missing collateral is none of these: it is of the kind {@code UNAVAILABLE}.
 */
public enum VerifyRefusal implements RefusalCode {
  /** The evidence is bound to another key. */
  KEY_BINDING("report-data-binding"),
  /** The text that a pod says is behind its report data is not. */
  PAYLOAD_BINDING("report-data-payload"),
  /** The evidence was verified under rules that are good for showing only. */
  INCOMPLETE("evidence-incomplete"),
  /** The evidence is of a platform that this server does not take. */
  PLATFORM_NOT_SUPPORTED("platform-not-supported"),
  /** OS images shall be verified, and there is no rule for this platform's. */
  IMAGE_NOT_VERIFIED("os-image-not-verified");

  private final String code;

  VerifyRefusal(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public RefusalKind kind() {
    return RefusalKind.REFUSED;
  }
}
