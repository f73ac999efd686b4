package dstack.kms.core.bootinfo;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/** The identity of one instance of an application: 20 bytes, or none at all. */
public record InstanceId(Bytes value) {
  /** Refuses any other length: {@code instance_id must be 20 bytes or empty}. */
  public InstanceId {
    if (!value.isEmpty() && value.length() != 20) {
      throw new RefusalException(
          BootInfoRefusal.INSTANCE_ID_LENGTH, "instance_id must be 20 bytes or empty");
    }
  }

  @Override
  public String toString() {
    return value.hex();
  }
}
