package dstack.kms.attest.tpm.command;

import dstack.kms.attest.tpm.TpmHandle;
import java.util.List;

/** TPM2_NV_UndefineSpace by the owner with the empty password. */
public record NvUndefineSpace(TpmHandle index) implements TpmCommand<Done> {
  @Override
  public CommandCode code() {
    return CommandCode.NV_UNDEFINE_SPACE;
  }

  @Override
  public List<TpmHandle> handles() {
    return List.of(TpmHandle.OWNER, index);
  }

  @Override
  public List<Authorization> authorizations() {
    return List.of(Authorization.EMPTY_PASSWORD);
  }

  @Override
  public Done read(Answer answer) {
    return Done.DONE;
  }
}
