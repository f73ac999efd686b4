package dstack.kms.attest.tpm.command;

import dstack.kms.attest.tpm.PcrSelection;
import dstack.kms.attest.tpm.TpmReader;
import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.TpmWriter;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;

/** TPM2_PCR_Read: the values of exactly the selected registers, in their order. */
public record PcrRead(PcrSelection selection) implements TpmCommand<List<Bytes>> {
  @Override
  public CommandCode code() {
    return CommandCode.PCR_READ;
  }

  @Override
  public void writeParameters(TpmWriter output) {
    selection.write(output);
  }

  @Override
  public List<Bytes> read(Answer answer) {
    TpmReader parameters = answer.parameters();
    parameters.u32("update counter");
    TpmWriter expected = new TpmWriter();
    selection.write(expected);
    if (!parameters.take(expected.bytes().length(), "selection").equals(expected.bytes())) {
      throw malformed("another selection");
    }
    int count = parameters.count(selection.registers().size(), "registers");
    List<Bytes> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Bytes value = parameters.sized("register");
      if (value.length() != selection.bank().length()) {
        throw malformed("a register of " + value.length() + " bytes");
      }
      values.add(value);
    }
    if (count != selection.registers().size()) {
      throw malformed(count + " registers");
    }
    return List.copyOf(values);
  }

  private static RefusalException malformed(String text) {
    return TpmRefusal.MALFORMED_ANSWER.because("TPM2_PCR_Read returned " + text);
  }
}
