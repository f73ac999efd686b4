package dstack.kms.core.msgpack;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why bytes are not the MessagePack encoding of what was expected. */
public enum MsgPackRefusal implements RefusalCode {
  TRUNCATED("msgpack-truncated"),
  TOO_LONG("msgpack-too-long"),
  TOO_DEEP("msgpack-too-deep"),
  WRONG_TYPE("msgpack-wrong-type"),
  OUT_OF_RANGE("msgpack-out-of-range"),
  NOT_UTF8("msgpack-not-utf8"),
  DUPLICATE_KEY("msgpack-duplicate-key"),
  TRAILING_BYTES("msgpack-trailing-bytes");

  private final String code;

  MsgPackRefusal(String code) {
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
