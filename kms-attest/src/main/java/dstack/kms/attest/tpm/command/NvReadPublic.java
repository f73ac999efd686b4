package dstack.kms.attest.tpm.command;

import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmReader;
import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/** TPM2_NV_ReadPublic: the public area and the name of an index. */
public record NvReadPublic(TpmHandle index) implements TpmCommand<NvReadPublic.Found> {
  /**
   * An index that is there.
   *
   * @param publicArea what it is
   * @param name algorithm id and digest of the public area
   */
  public record Found(NvPublic publicArea, Bytes name) {}

  @Override
  public CommandCode code() {
    return CommandCode.NV_READ_PUBLIC;
  }

  @Override
  public List<TpmHandle> handles() {
    return List.of(index);
  }

  @Override
  public Found read(Answer answer) {
    TpmReader parameters = answer.parameters();
    NvPublic publicArea = NvPublic.read(parameters.sizedFields("NV public area"));
    if (!publicArea.index().equals(index)) {
      throw TpmRefusal.MALFORMED_ANSWER.because(
          "TPM2_NV_ReadPublic of " + index + " returned " + publicArea.index());
    }
    return new Found(publicArea, parameters.sized("NV name"));
  }
}
