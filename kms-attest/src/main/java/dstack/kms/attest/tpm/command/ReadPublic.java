package dstack.kms.attest.tpm.command;

import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmReader;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/** TPM2_ReadPublic: the TPMT_PUBLIC of a loaded or persistent object. */
public record ReadPublic(TpmHandle object) implements TpmCommand<Bytes> {
  @Override
  public CommandCode code() {
    return CommandCode.READ_PUBLIC;
  }

  @Override
  public List<TpmHandle> handles() {
    return List.of(object);
  }

  @Override
  public Bytes read(Answer answer) {
    TpmReader parameters = answer.parameters();
    Bytes publicArea = parameters.sized("public area");
    parameters.sized("name");
    parameters.sized("qualified name");
    return publicArea;
  }
}
