package dstack.kms.core.store;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why keys are not stored, or not read. */
public enum StoreRefusal implements RefusalCode {
  /** There is a set of keys already. */
  KEYS_EXIST("store-keys-exist"),
  /** Another set-up is under way. */
  BUSY("store-busy"),
  /** A file or folder is a link, is somebody else's, or cannot be made private. */
  UNSAFE("store-unsafe"),
  /** Both root keys are there, and something that cannot be made again is not. */
  INCOMPLETE("store-incomplete"),
  /** The files do not belong together, or are not what their names say. */
  FOREIGN("store-foreign"),
  /** The file system failed. */
  FAILED("store-failed");

  private final String code;

  StoreRefusal(String code) {
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
