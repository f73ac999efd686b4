package dstack.kms.core.bootinfo;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/** The SHA-256 of an application's compose file: exactly 32 bytes. */
public record ComposeHash(Bytes value) {
  /** Refuses any other length: {@code compose_hash must be 32 bytes}. */
  public ComposeHash {
    if (value.length() != 32) {
      throw new RefusalException(
          BootInfoRefusal.COMPOSE_HASH_LENGTH, "compose_hash must be 32 bytes");
    }
  }

  @Override
  public String toString() {
    return value.hex();
  }
}
