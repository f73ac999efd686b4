package dstack.kms.cli.dev;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why a development server cannot run, or what its check found wrong. */
public enum DevRefusal implements RefusalCode {
  FOLDER("dev-folder"),
  CHECK("dev-check"),
  REPLICATION("dev-replication"),
  CHAIN("dev-chain");

  private final String code;

  DevRefusal(String code) {
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

  RefusalException because(String text) {
    return new RefusalException(this, text);
  }

  RefusalException because(String text, Exception cause) {
    return RefusalException.causedBy(this, text, cause);
  }
}
