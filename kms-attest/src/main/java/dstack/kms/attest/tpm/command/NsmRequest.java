package dstack.kms.attest.tpm.command;

import dstack.kms.attest.tpm.TpmHandle;
import java.util.List;

/**
 * NitroTPM's vendor command: the security module reads its request from the NV index and writes its
 * answer there (specification 15 §9).
 *
 * @param buffer the index, which is also the authority
 * @param authorization an HMAC with the index's password
 */
public record NsmRequest(TpmHandle buffer, Authorization authorization)
    implements TpmCommand<Done> {
  @Override
  public CommandCode code() {
    return CommandCode.NSM_REQUEST;
  }

  @Override
  public List<TpmHandle> handles() {
    return List.of(buffer, buffer);
  }

  @Override
  public List<Authorization> authorizations() {
    return List.of(authorization);
  }

  /** What the command returns is not documented and not needed: the answer is in the index. */
  @Override
  public Done read(Answer answer) {
    answer.parameters().rest();
    return Done.DONE;
  }
}
