package dstack.kms.attest.tpm.client;

import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.core.bytes.Bytes;

/**
 * A loaded primary key; closing flushes it.
 *
 * @param loaded where it is
 * @param publicArea its TPMT_PUBLIC as the TPM says
 */
public record PrimaryKey(Loaded loaded, Bytes publicArea) implements AutoCloseable {
  /** Its handle, until it is closed. */
  public TpmHandle handle() {
    return loaded.handle();
  }

  @Override
  public void close() {
    loaded.close();
  }
}
