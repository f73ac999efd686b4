package dstack.kms.cli.gov.read;

import dstack.kms.cli.input.HexBytes;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the hash by which the policy knows a Nitro enclave. */
@Command(
    name = "enclave-hash",
    description = {
      "Prints the hash of a Nitro enclave: the SHA-256 of its first three registers.",
      "It is both its OS image hash and its compose hash."
    })
public final class EnclaveHashCommand implements Callable<Integer> {
  private static final int LENGTH = 48;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "3",
      paramLabel = "PCR",
      converter = HexBytes.class,
      description = "PCR0, PCR1 and PCR2, 48 bytes each.")
  private List<Bytes> registers;

  @Override
  public Integer call() {
    for (Bytes register : registers) {
      if (register.length() != LENGTH) {
        throw new ParameterException(
            spec.commandLine(), "a register has 48 bytes, not " + register.length());
      }
      if (register.isAllZero()) {
        throw new ParameterException(
            spec.commandLine(),
            "a register of zeros is that of an enclave in debug mode, whose memory anybody reads");
      }
    }
    Bytes all = Bytes.concat(registers.toArray(Bytes[]::new));
    spec.commandLine().getOut().println("0x" + Digests.sha256(all));
    return ExitStatus.DONE.number();
  }
}
