package dstack.kms.rpc.kms;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why the KMS service refuses, beside what its parts refuse themselves. */
public enum KmsRefusal implements RefusalCode {
  API_VERSION("api-version", RefusalKind.INVALID),
  /** The method needs evidence and the client presented none. */
  NO_ATTESTATION("no-attestation", RefusalKind.REFUSED),
  /** The key to seal an answer to is none. */
  SEALING_KEY("sealing-key", RefusalKind.INVALID),
  /** An answer was sealed to that key before. */
  SEALING_KEY_USED("sealing-key-used", RefusalKind.REFUSED),
  /** The authority does not let this machine be a KMS. */
  SELF_NOT_ALLOWED("self-not-allowed", RefusalKind.REFUSED),
  /** What the quote source gave is not evidence over what was asked for. */
  OWN_EVIDENCE("self-evidence-binding", RefusalKind.REFUSED),
  /** The authority does not let the client boot. */
  BOOT_DENIED("boot-denied", RefusalKind.REFUSED),
  /** The caller's app asks too often. */
  APP_LIMIT("app-limit", RefusalKind.UNAVAILABLE),
  /** Keys for this platform are switched off here. */
  PLATFORM_RELEASE_OFF("platform-release-off", RefusalKind.REFUSED),
  /** The admin token in the request is not the configured one. */
  ADMIN_TOKEN("admin-token", RefusalKind.REFUSED);

  private final String code;
  private final RefusalKind kind;

  KmsRefusal(String code, RefusalKind kind) {
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
