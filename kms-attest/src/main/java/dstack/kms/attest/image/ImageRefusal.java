package dstack.kms.attest.image;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why a guest's image is not even compared. */
public enum ImageRefusal implements RefusalCode {
  /** RTMR 0 cannot be recomputed here, and nothing less is configured. */
  RTMR0_NOT_RECOMPUTED("image-rtmr0-not-recomputed");

  private final String code;

  ImageRefusal(String code) {
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
