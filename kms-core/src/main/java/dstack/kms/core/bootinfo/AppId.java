package dstack.kms.core.bootinfo;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/** The identity of an application: exactly 20 bytes, on chain the address of its contract. */
public record AppId(Bytes value) {
  /** Refuses any other length: {@code app_id must be 20 bytes}. */
  public AppId {
    if (value.length() != 20) {
      throw new RefusalException(BootInfoRefusal.APP_ID_LENGTH, "app_id must be 20 bytes");
    }
  }

  @Override
  public String toString() {
    return value.hex();
  }
}
