package dstack.kms.attest.tpm.command;

import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmWriter;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * TPM2_NV_Write of at most {@link NvRead#CHUNK} bytes.
 *
 * @param authority whose authorization it is: the owner or the index itself
 * @param index the index
 * @param data the bytes
 * @param offset where they go
 * @param authorization the authorization
 */
public record NvWrite(
    TpmHandle authority, TpmHandle index, Bytes data, int offset, Authorization authorization)
    implements TpmCommand<Done> {
  @Override
  public CommandCode code() {
    return CommandCode.NV_WRITE;
  }

  @Override
  public List<TpmHandle> handles() {
    return List.of(authority, index);
  }

  @Override
  public List<Authorization> authorizations() {
    return List.of(authorization);
  }

  @Override
  public void writeParameters(TpmWriter output) {
    output.sized(data).u16(offset);
  }

  @Override
  public Done read(Answer answer) {
    return Done.DONE;
  }
}
