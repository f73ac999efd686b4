package dstack.kms.attest.tpm.command;

import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmWriter;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * TPM2_NV_DefineSpace by the owner with the empty password.
 *
 * @param publicArea the index to be
 * @param password its own password; may be empty
 */
public record NvDefineSpace(NvPublic publicArea, Bytes password) implements TpmCommand<Done> {
  @Override
  public CommandCode code() {
    return CommandCode.NV_DEFINE_SPACE;
  }

  @Override
  public List<TpmHandle> handles() {
    return List.of(TpmHandle.OWNER);
  }

  @Override
  public List<Authorization> authorizations() {
    return List.of(Authorization.EMPTY_PASSWORD);
  }

  @Override
  public void writeParameters(TpmWriter output) {
    output.sized(password).sized(publicArea.encoded());
  }

  @Override
  public Done read(Answer answer) {
    return Done.DONE;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "NvDefineSpace[" + publicArea + "]";
  }
}
