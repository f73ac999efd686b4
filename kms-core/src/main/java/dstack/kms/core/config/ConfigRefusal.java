package dstack.kms.core.config;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why a configuration does not start the server. */
public enum ConfigRefusal implements RefusalCode {
  /** A file cannot be found, read or parsed. */
  UNREADABLE("config-unreadable"),
  /** A key that no part of the server knows. */
  UNKNOWN_KEY("config-unknown-key"),
  /** A value of the wrong type or outside its bounds. */
  BAD_VALUE("config-bad-value"),
  /** Values that are each fine and contradict each other. */
  CONTRADICTION("config-contradiction"),
  /** A weakening without {@code core.insecure_development}, or on a real TEE. */
  WEAKENING("config-weakening");

  private final String code;

  ConfigRefusal(String code) {
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
