package dstack.kms.onboard.epoch;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why a root generation is not made, not taken over, or not served. */
public enum EpochRefusal implements RefusalCode {
  /** Neither the generation before it nor an endorsement is here. */
  SKIPPED("epoch-skipped", RefusalKind.REFUSED),
  /** An endorsement of this generation is here, so it exists already. */
  EXISTS("epoch-exists", RefusalKind.REFUSED),
  /** Keys of a generation above 0 without an endorsement. */
  UNENDORSED("epoch-unendorsed", RefusalKind.REFUSED),
  /** The text is not an endorsement as it is written. */
  MALFORMED("epoch-endorsement-malformed", RefusalKind.INVALID),
  /** The endorsement was not made by the key that it names, or not by the expected one. */
  SIGNATURE("epoch-endorsement-signature", RefusalKind.REFUSED),
  /** The endorsement is about another generation or other keys. */
  OTHER_KEYS("epoch-other-keys", RefusalKind.REFUSED),
  /** A root key is that of another generation, too. */
  SAME_ROOT("epoch-same-root", RefusalKind.REFUSED),
  /** The file system failed. */
  FAILED("epoch-failed", RefusalKind.REFUSED);

  private final String code;
  private final RefusalKind kind;

  EpochRefusal(String code, RefusalKind kind) {
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
