package dstack.kms.attest.tpm.client;

import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.command.FlushContext;
import dstack.kms.core.refusal.RefusalException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An object or session in the TPM's scarce memory; closing flushes it. */
public final class Loaded implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Loaded.class);

  private final Tpm tpm;
  private final TpmHandle handle;

  Loaded(Tpm tpm, TpmHandle handle) {
    this.tpm = tpm;
    this.handle = handle;
  }

  /** Its handle, until it is closed. */
  public TpmHandle handle() {
    return handle;
  }

  /** Flushes; a TPM that will not is logged, because the work itself is done or refused already. */
  @Override
  public void close() {
    try {
      tpm.run(new FlushContext(handle));
    } catch (RefusalException e) {
      LOG.warn("TPM object {} stays loaded: {}", handle, e.text());
    }
  }
}
