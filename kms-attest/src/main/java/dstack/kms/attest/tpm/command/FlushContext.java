package dstack.kms.attest.tpm.command;

import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmWriter;

/**
 * TPM2_FlushContext: forgets a loaded object or a session.
 *
 * @param object what to forget; it travels as a parameter, not as a handle
 */
public record FlushContext(TpmHandle object) implements TpmCommand<Done> {
  @Override
  public CommandCode code() {
    return CommandCode.FLUSH_CONTEXT;
  }

  @Override
  public void writeParameters(TpmWriter output) {
    output.handle(object);
  }

  @Override
  public Done read(Answer answer) {
    return Done.DONE;
  }
}
