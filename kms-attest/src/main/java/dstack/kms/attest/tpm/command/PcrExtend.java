package dstack.kms.attest.tpm.command;

import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmHash;
import dstack.kms.attest.tpm.TpmWriter;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * TPM2_PCR_Extend of one bank with the empty password.
 *
 * @param register 0 to 23
 * @param bank the bank
 * @param digest as long as a digest of the bank
 */
public record PcrExtend(int register, TpmHash bank, Bytes digest) implements TpmCommand<Done> {
  /**
   * @throws IllegalArgumentException if register or digest are not possible
   */
  public PcrExtend {
    if (register < 0 || register > 23 || digest.length() != bank.length()) {
      throw new IllegalArgumentException("no such extension of register " + register);
    }
  }

  @Override
  public CommandCode code() {
    return CommandCode.PCR_EXTEND;
  }

  @Override
  public List<TpmHandle> handles() {
    return List.of(new TpmHandle(register));
  }

  @Override
  public List<Authorization> authorizations() {
    return List.of(Authorization.EMPTY_PASSWORD);
  }

  @Override
  public void writeParameters(TpmWriter output) {
    output.u32(1).u16(bank.id()).raw(digest);
  }

  @Override
  public Done read(Answer answer) {
    return Done.DONE;
  }
}
