package dstack.kms.attest.appinfo;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why no app info can be decoded. */
public enum AppInfoRefusal implements RefusalCode {
  /** The VM configuration is not of the agreed form. */
  VM_CONFIG("vm-config-malformed", RefusalKind.INVALID),
  /** An OS image hash of another length than 32 bytes or none. */
  OS_IMAGE_HASH_LENGTH("os-image-hash-length", RefusalKind.REFUSED),
  /** The quote does not carry a trust domain's report. */
  NO_TD_REPORT("app-info-no-td-report", RefusalKind.REFUSED),
  /** App info of this platform is not decoded. */
  PLATFORM("app-info-platform-not-supported", RefusalKind.REFUSED);

  private final String code;
  private final RefusalKind kind;

  AppInfoRefusal(String code, RefusalKind kind) {
    this.code = code;
    this.kind = kind;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public RefusalKind kind() {
    return kind;
  }
}
