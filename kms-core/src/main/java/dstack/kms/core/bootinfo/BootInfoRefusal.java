package dstack.kms.core.bootinfo;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why an identity is not fit to be put before an authority. */
public enum BootInfoRefusal implements RefusalCode {
  APP_ID_LENGTH("app-id-length"),
  COMPOSE_HASH_LENGTH("compose-hash-length"),
  INSTANCE_ID_LENGTH("instance-id-length");

  private final String code;

  BootInfoRefusal(String code) {
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
